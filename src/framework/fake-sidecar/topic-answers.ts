import { parseJson } from '../../base/json.ts';
import { isTable } from '../../base/table.ts';
import { textOf } from '../table.ts';
import type { AppAnswer } from './app-client.ts';
import type { BulkEntry, Outcome, TopicAnswer } from './app-channel.ts';

/**
 * What an app's answer to a message means: any 2xx without a status, or without JSON, is a success.
 * https://github.com/dapr/dapr/blob/v1.16.5/pkg/runtime/subscription/postman/http/http.go
 */
export function answerOf(answer: AppAnswer): TopicAnswer {
  const failure = failureOf(answer);
  if (failure !== undefined) return failure;
  const value = parseJson(answer.body.toString());
  return outcomeOf(isTable(value) ? textOf(value['status']) : '', 'SUCCESS');
}

/** What was said of each entry. */
export function bulkAnswerOf(answer: AppAnswer, entries: readonly BulkEntry[]): ReadonlyMap<string, TopicAnswer> {
  const failure = failureOf(answer);
  if (failure !== undefined) return new Map(entries.map(({ id }) => [id, failure]));
  const value = parseJson(answer.body.toString());
  const statuses = isTable(value) && Array.isArray(value['statuses']) ? value['statuses'].filter(isTable) : [];
  return new Map(statuses.map(({ entryId, status }) => [textOf(entryId), outcomeOf(textOf(status), 'RETRY')] as const));
}

function failureOf({ status, body }: AppAnswer): TopicAnswer | undefined {
  if (status >= 200 && status <= 299) return undefined;
  return {
    outcome: status === 404 ? 'NOT_FOUND' : 'RETRY',
    reason: `the app answered ${status}: ${body.toString() || 'nothing'}`,
  };
}

function outcomeOf(status: string, empty: Outcome): TopicAnswer {
  if (status === 'SUCCESS' || (status === '' && empty === 'SUCCESS')) return { outcome: 'SUCCESS' };
  const outcome = status === 'DROP' ? 'DROP' : 'RETRY';
  return { outcome, reason: `the app answered with the status "${status}"` };
}
