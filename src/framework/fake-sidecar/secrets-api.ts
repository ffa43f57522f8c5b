import { ApiError } from './api-error.ts';
import { jsonAnswer, type ApiRoute } from './api.ts';

/** Secrets by their stores and names. */
export type Secrets = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** https://docs.dapr.io/reference/api/secrets_api/ */
export function secretRoutes(secrets: Secrets): ApiRoute[] {
  return [
    {
      methods: 'GET',
      path: /^\/v1\.0\/secrets\/([^/]+)\/bulk$/,
      handle(_request, [name]) {
        const pairs = Object.entries(storeOf(secrets, name)).map(([key, value]) => [key, { [key]: value }] as const);
        return jsonAnswer(Object.fromEntries(pairs));
      },
    },
    {
      methods: 'GET',
      path: /^\/v1\.0\/secrets\/([^/]+)\/([^/]+)$/,
      handle(_request, [name = '', key = '']) {
        const value = storeOf(secrets, name)[key];
        if (value !== undefined) return jsonAnswer({ [key]: value });
        const message = `failed getting secret with key ${key} from secret store ${name}: secret ${key} not found`;
        throw new ApiError(500, 'ERR_SECRET_GET', message);
      },
    },
  ];
}

function storeOf(secrets: Secrets, name = ''): Secrets[string] {
  if (Object.keys(secrets).length === 0) {
    throw new ApiError(500, 'ERR_SECRET_STORES_NOT_CONFIGURED', 'secret store is not configured');
  }
  const store = secrets[name];
  if (store !== undefined) return store;
  throw new ApiError(401, 'ERR_SECRET_STORE_NOT_FOUND', `failed finding secret store with key ${name}`);
}
