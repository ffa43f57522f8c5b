export { definePlugin } from './plugin.ts';
export type {
  Arguments,
  Exchange,
  Headers,
  Plugin,
  PluginRequest,
  PluginResponse,
  RequestHeaders,
  ResponseHeaders,
  ResponseWriter,
} from './plugin.ts';
export type { Text } from './protocol/text.ts';
