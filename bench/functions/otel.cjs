// The standard instrumentation of OpenTelemetry, required before anything else; it sends to OTEL_EXPORTER_OTLP_ENDPOINT.
const { NodeSDK } = require('@opentelemetry/sdk-node');
const { HttpInstrumentation } = require('@opentelemetry/instrumentation-http');
const { ExpressInstrumentation } = require('@opentelemetry/instrumentation-express');
const { FastifyOtelInstrumentation } = require('@fastify/otel');

const fastify = new FastifyOtelInstrumentation({ registerOnInitialization: true });
new NodeSDK({ instrumentations: [new HttpInstrumentation(), new ExpressInstrumentation(), fastify] }).start();
