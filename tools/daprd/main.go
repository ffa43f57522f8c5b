// The Dapr sidecar with the components that the tests use and no others: all of Dapr's take five times as long to build.
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
	"github.com/dapr/dapr/cmd/daprd/app"
	bindingregistry "github.com/dapr/dapr/pkg/components/bindings"
	resolvers "github.com/dapr/dapr/pkg/components/nameresolution"
	topics "github.com/dapr/dapr/pkg/components/pubsub"
	states "github.com/dapr/dapr/pkg/components/state"
	"github.com/dapr/kit/logger"
)

func main() {
	registerBindings()
	topics.DefaultRegistry.RegisterComponent(memorytopics.New, "in-memory")
	topics.DefaultRegistry.RegisterComponent(redistopics.NewRedisStreams, "redis")
	topics.DefaultRegistry.RegisterComponent(mqtttopics.NewMQTTPubSub, "mqtt3", "mqtt")
	states.DefaultRegistry.RegisterComponent(memorystate.NewInMemoryStateStore, "in-memory")
	states.DefaultRegistry.RegisterComponent(redisstate.NewRedisStateStore, "redis")
	// Dapr's default, so that a sidecar without a configuration starts too.
	resolvers.DefaultRegistry.RegisterComponent(mdns.NewResolver, "mdns")
	resolvers.DefaultRegistry.RegisterComponent(sqlite.NewResolver, "sqlite")
	app.Run()
}

func registerBindings() {
	in, out := bindingregistry.DefaultRegistry.RegisterInputBinding, bindingregistry.DefaultRegistry.RegisterOutputBinding
	in(cron.NewCron, "cron")
	in(func(log logger.Logger) bindings.InputBinding { return mqttbinding.NewMQTT(log) }, "mqtt3", "mqtt")
	out(func(log logger.Logger) bindings.OutputBinding { return mqttbinding.NewMQTT(log) }, "mqtt3", "mqtt")
	out(httpbinding.NewHTTP, "http")
	out(localstorage.NewLocalStorage, "localstorage")
	out(redisbinding.NewRedis, "redis")
}
