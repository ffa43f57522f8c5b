import { Plugin } from '@openfunction/functions-framework';

export class Empty extends Plugin {
  static scope = 'request';
  constructor() {
    super('empty');
  }
  async execPreHook() {}
  async execPostHook() {}
}
