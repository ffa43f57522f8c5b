/**
 * What daprd calls on an app, by the names in HTTP/2's `:path`:
 * https://github.com/dapr/dapr/blob/v1.16.5/dapr/proto/runtime/v1/appcallback.proto
 */
export const APP_CALLBACK_METHODS = {
  onInvoke: '/dapr.proto.runtime.v1.AppCallback/OnInvoke',
  listTopicSubscriptions: '/dapr.proto.runtime.v1.AppCallback/ListTopicSubscriptions',
  onTopicEvent: '/dapr.proto.runtime.v1.AppCallback/OnTopicEvent',
  listInputBindings: '/dapr.proto.runtime.v1.AppCallback/ListInputBindings',
  onBindingEvent: '/dapr.proto.runtime.v1.AppCallback/OnBindingEvent',
  healthCheck: '/dapr.proto.runtime.v1.AppCallbackHealthCheck/HealthCheck',
  onBulkTopicEvent: '/dapr.proto.runtime.v1.AppCallbackAlpha/OnBulkTopicEventAlpha1',
  /** The name that Dapr's next versions have for it. */
  onBulkTopicEventStable: '/dapr.proto.runtime.v1.AppCallback/OnBulkTopicEvent',
  onJobEvent: '/dapr.proto.runtime.v1.AppCallbackAlpha/OnJobEventAlpha1',
} as const;
