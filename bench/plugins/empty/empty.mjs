import { Plugin } from '@openfunction/functions-framework';

export class Empty extends Plugin {
  constructor() {
    super('empty');
  }
  async execPreHook() {}
  async execPostHook() {}
}
