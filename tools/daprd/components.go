package main

import (
	"github.com/dapr/components-contrib/bindings"
	"github.com/dapr/components-contrib/bindings/cron"
	httpbinding "github.com/dapr/components-contrib/bindings/http"
	"github.com/dapr/components-contrib/bindings/localstorage"
	mqttbinding "github.com/dapr/components-contrib/bindings/mqtt3"
	redisbinding "github.com/dapr/components-contrib/bindings/redis"
	"github.com/dapr/components-contrib/nameresolution/mdns"
	"github.com/dapr/components-contrib/nameresolution/sqlite"
	memorytopics "github.com/dapr/components-contrib/pubsub/in-memory"
	mqtttopics "github.com/dapr/components-contrib/pubsub/mqtt3"
	redistopics "github.com/dapr/components-contrib/pubsub/redis"
	memorystate "github.com/dapr/components-contrib/state/in-memory"
	redisstate "github.com/dapr/components-contrib/state/redis"
	bindingregistry "github.com/dapr/dapr/pkg/components/bindings"
	resolverregistry "github.com/dapr/dapr/pkg/components/nameresolution"
	topicregistry "github.com/dapr/dapr/pkg/components/pubsub"
	stateregistry "github.com/dapr/dapr/pkg/components/state"
	"github.com/dapr/dapr/pkg/runtime/registry"
	"github.com/dapr/kit/logger"
)

// components are those that the tests' resources may name.
func components() *registry.Options {
	contrib := logger.NewLogger("dapr.contrib")
	bound, topics := bindingregistry.NewRegistry(), topicregistry.NewRegistry()
	states, resolvers := stateregistry.NewRegistry(), resolverregistry.NewRegistry()
	bound.Logger, topics.Logger, states.Logger, resolvers.Logger = contrib, contrib, contrib, contrib

	bound.RegisterInputBinding(cron.NewCron, "cron")
	bound.RegisterInputBinding(func(log logger.Logger) bindings.InputBinding { return mqttbinding.NewMQTT(log) }, "mqtt3", "mqtt")
	bound.RegisterOutputBinding(func(log logger.Logger) bindings.OutputBinding { return mqttbinding.NewMQTT(log) }, "mqtt3", "mqtt")
	bound.RegisterOutputBinding(httpbinding.NewHTTP, "http")
	bound.RegisterOutputBinding(localstorage.NewLocalStorage, "localstorage")
	bound.RegisterOutputBinding(redisbinding.NewRedis, "redis")

	topics.RegisterComponent(memorytopics.New, "in-memory")
	topics.RegisterComponent(redistopics.NewRedisStreams, "redis")
	topics.RegisterComponent(mqtttopics.NewMQTTPubSub, "mqtt3", "mqtt")

	states.RegisterComponent(memorystate.NewInMemoryStateStore, "in-memory")
	states.RegisterComponent(redisstate.NewRedisStateStore, "redis")

	// Dapr's default, so that a sidecar without a configuration starts too.
	resolvers.RegisterComponent(mdns.NewResolver, "mdns")
	resolvers.RegisterComponent(sqlite.NewResolver, "sqlite")

	return registry.NewOptions().WithBindings(bound).WithPubSubs(topics).WithStateStores(states).WithNameResolutions(resolvers)
}
