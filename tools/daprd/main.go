// The Dapr sidecar with the components that the tests use and no others: all of Dapr's take five times as long to build.
// Its own cmd/daprd/app refuses to run without one of its sets of components, so what that does is done here.
package main

import (
	"context"
	"os"

	"github.com/dapr/dapr/cmd/daprd/options"
	"github.com/dapr/dapr/pkg/buildinfo"
	"github.com/dapr/dapr/pkg/healthz"
	"github.com/dapr/dapr/pkg/metrics"
	"github.com/dapr/dapr/pkg/modes"
	"github.com/dapr/dapr/pkg/runtime"
	"github.com/dapr/dapr/pkg/security"
	"github.com/dapr/kit/concurrency"
	"github.com/dapr/kit/logger"
	"github.com/dapr/kit/signals"
)

var log = logger.NewLogger("dapr.runtime")

func main() {
	flags, err := options.New(os.Args[1:])
	if err != nil {
		log.Fatalf("Failed to parse flags: %v", err)
	}
	flags.Logger.SetAppID(flags.AppID)
	if err := logger.ApplyOptionsToLoggers(&flags.Logger); err != nil {
		log.Fatal(err)
	}
	log.Infof("Starting Dapr Runtime -- version %s", buildinfo.Version())
	if err := run(signals.Context(), flags); err != nil {
		log.Fatalf("Fatal error from runtime: %s", err)
	}
	log.Info("Daprd shutdown gracefully")
}

// run serves until the context ends. The provider of identities has to run beside the runtime, without mTLS too.
func run(ctx context.Context, flags *options.Options) error {
	health := healthz.New()
	identities, err := security.New(ctx, security.Options{
		ControlPlaneTrustDomain: flags.ControlPlaneTrustDomain,
		ControlPlaneNamespace:   flags.ControlPlaneNamespace,
		AppID:                   flags.AppID,
		Mode:                    modes.DaprMode(flags.Mode),
		Healthz:                 health,
	})
	if err != nil {
		return err
	}
	return concurrency.NewRunnerManager(identities.Run, func(ctx context.Context) error {
		handler, err := identities.Handler(ctx)
		if err != nil {
			return err
		}
		config := configOf(flags)
		config.Registry = components()
		config.Security = handler
		config.Healthz = health
		config.Metrics = metrics.Options{
			Enabled:   flags.Metrics.Enabled(),
			Log:       log,
			Port:      flags.Metrics.Port(),
			Namespace: metrics.DefaultMetricNamespace,
			Healthz:   health,
		}
		sidecar, err := runtime.FromConfig(ctx, config)
		if err != nil {
			return err
		}
		return sidecar.Run(ctx)
	}).Run(ctx)
}

// configOf leaves out what belongs to a control plane, which the tests have none of.
func configOf(flags *options.Options) *runtime.Config {
	return &runtime.Config{
		AppID:                         flags.AppID,
		SchedulerStreams:              flags.SchedulerJobStreams,
		AllowedOrigins:                flags.AllowedOrigins,
		ResourcesPath:                 flags.ResourcesPath,
		AppProtocol:                   flags.AppProtocol,
		Mode:                          flags.Mode,
		DaprHTTPPort:                  flags.DaprHTTPPort,
		DaprInternalGRPCPort:          flags.DaprInternalGRPCPort,
		DaprInternalGRPCListenAddress: flags.DaprInternalGRPCListenAddress,
		DaprAPIGRPCPort:               flags.DaprAPIGRPCPort,
		DaprAPIListenAddresses:        flags.DaprAPIListenAddresses,
		DaprPublicPort:                flags.DaprPublicPort,
		DaprPublicListenAddress:       flags.DaprPublicListenAddress,
		ApplicationPort:               flags.AppPort,
		ProfilePort:                   flags.ProfilePort,
		EnableProfiling:               flags.EnableProfiling,
		AppMaxConcurrency:             flags.AppMaxConcurrency,
		MaxRequestSize:                flags.MaxRequestSize,
		ReadBufferSize:                flags.ReadBufferSize,
		UnixDomainSocket:              flags.UnixDomainSocket,
		DaprGracefulShutdownSeconds:   flags.DaprGracefulShutdownSeconds,
		DaprBlockShutdownDuration:     flags.DaprBlockShutdownDuration,
		DisableBuiltinK8sSecretStore:  flags.DisableBuiltinK8sSecretStore,
		EnableAppHealthCheck:          flags.EnableAppHealthCheck,
		AppHealthCheckPath:            flags.AppHealthCheckPath,
		AppHealthProbeInterval:        flags.AppHealthProbeInterval,
		AppHealthProbeTimeout:         flags.AppHealthProbeTimeout,
		AppHealthThreshold:            flags.AppHealthThreshold,
		AppChannelAddress:             flags.AppChannelAddress,
		EnableAPILogging:              flags.EnableAPILogging,
		Config:                        flags.Config,
		AppSSL:                        flags.AppSSL,
	}
}
