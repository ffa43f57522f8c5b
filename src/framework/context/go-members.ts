import type { DaprClient } from '../dapr/client.ts';
import type { InnerEvent } from '../dapr/inner-event.ts';
import type { BindingEvent, TopicEvent } from '../dapr/message.ts';
import type { SendResult } from '../dapr/outputs.ts';
import { isCloudEvent, jsonOf } from '../dapr/payload.ts';
import type { CloudEvent } from '../functions.ts';
import { defineMembers } from '../http/members.ts';
import type { Request, Response } from '../http/types.ts';
import { messageOfEvent } from './event-message.ts';
import type { Out } from './out.ts';
import type { OpenFunctionInvocation } from './runtime.ts';
import type { OpenFunctionContext, TraceConfig } from './types.ts';

/** The options of one invocation. */
export interface ContextOptions {
  /** True: outputs get payloads as they are, also where tracing would wrap them. */
  SetRawData(enable: boolean): ContextOptions;
  IsRawDataEnabled(): boolean;
}

/**
 * The context under the names of OpenFunction's Go framework and of its first proposals, for functions that are ported:
 * https://github.com/OpenFunction/functions-framework-go/blob/main/context/context.go
 */
export interface GoMembers {
  GetName(): string;
  GetMode(): string;
  GetContext(): OpenFunctionContext;
  GetInputs(): OpenFunctionContext['inputs'];
  GetOutputs(): OpenFunctionContext['outputs'];
  HasInputs(): boolean;
  HasOutputs(): boolean;
  GetPort(): string;
  GetRuntime(): string;
  GetHttpPattern(): string;
  GetPrePlugins(): readonly string[];
  GetPostPlugins(): readonly string[];
  GetPluginsTracingCfg(): TraceConfig | undefined;
  HasPluginsTracingCfg(): boolean;
  GetPodName(): string;
  GetPodNamespace(): string;
  GetSyncRequest(): { readonly Request: Request | undefined; readonly ResponseWriter: Response | undefined };
  SetSyncRequest(res: Response, req: Request): void;
  SetEvent(inputName: string, event: BindingEvent | TopicEvent | CloudEvent): void;
  /** Sends to one output, its name first; gives a binding's answer, and rejects when there is no such output. */
  Send(outputName: string, payload: unknown): Promise<unknown>;
  /** The same with the payload first, as the first proposal had it; it is `send`. */
  SendTo(payload: unknown, outputName?: string): Promise<SendResult>;
  /** What came in: the body of the given request, else what the function was called with. */
  GetInput(req?: Request): unknown;
  GetDaprClient(): DaprClient;
  GetNativeContext(): Record<string, unknown>;
  SetNativeContext(values: Record<string, unknown>): void;
  GetError(): Error | undefined;
  WithError(error: Error): this;
  GetOut(): Out | undefined;
  WithOut(out: Out): this;
  /** Another invocation of the same trigger. */
  CloneRuntimeContext(): OpenFunctionInvocation;
  ReturnOnSuccess(): Out;
  ReturnOnInternalError(): Out;
  GetBindingEvent(): BindingEvent | undefined;
  GetTopicEvent(): TopicEvent | undefined;
  GetCloudEvent(): CloudEvent | undefined;
  GetInnerEvent(): InnerEvent | undefined;
  GetInputName(): string;
  ContextOptions(): ContextOptions;
  /** Parameters of the path the function was declared with. */
  VarsFromCtx(): Record<string, string>;
  URLParamsFromCtx(): Record<string, string>;
  URLParamFromCtx(name: string): string;
  /** A CloudEvent of this function with the payload as its data, as text. The name is that of the Java framework. */
  packageAsCloudevent(payload: unknown): string;
}

/** The members that are a value under another name. */
const values: ThisType<OpenFunctionInvocation> & Partial<GoMembers> = {
  GetName() {
    return this.services.context.name;
  },
  GetMode() {
    return this.services.platform.mode;
  },
  GetContext() {
    return this.services.context;
  },
  GetInputs() {
    return this.services.context.inputs;
  },
  GetOutputs() {
    return this.services.context.outputs;
  },
  HasInputs() {
    return Object.keys(this.services.context.inputs).length > 0;
  },
  HasOutputs() {
    return Object.keys(this.services.context.outputs).length > 0;
  },
  GetPort() {
    return this.services.context.port ?? '8080';
  },
  GetRuntime() {
    return this.services.context.runtime;
  },
  GetHttpPattern() {
    const { httpPattern } = this.services.context;
    return typeof httpPattern === 'string' ? httpPattern : '/';
  },
  GetPrePlugins() {
    return this.services.context.prePlugins;
  },
  GetPostPlugins() {
    return this.services.context.postPlugins;
  },
  GetPluginsTracingCfg() {
    return this.services.context.pluginsTracing;
  },
  HasPluginsTracingCfg() {
    return this.services.context.pluginsTracing !== undefined;
  },
  GetPodName() {
    return this.services.platform.podName;
  },
  GetPodNamespace() {
    return this.services.platform.podNamespace;
  },
  GetDaprClient() {
    return this.services.client;
  },
};

const invocation: ThisType<OpenFunctionInvocation> & Partial<GoMembers> = {
  GetSyncRequest() {
    return { Request: this.req, ResponseWriter: this.res };
  },
  SetSyncRequest(res, req) {
    this.setTrigger(req, res);
  },
  SetEvent(inputName, event) {
    this.message = messageOfEvent(inputName, event);
    this.data = this.message.data;
  },
  GetInput(given) {
    return given === undefined ? this.data : given.body;
  },
  GetNativeContext() {
    return this.locals;
  },
  SetNativeContext(locals) {
    this.locals = locals;
  },
  GetError() {
    return this.error;
  },
  GetOut() {
    return this.out;
  },
  GetBindingEvent() {
    return this.bindingEvent;
  },
  GetTopicEvent() {
    return this.topicEvent;
  },
  GetCloudEvent() {
    return this.cloudEvent;
  },
  GetInnerEvent() {
    return this.innerEvent;
  },
  GetInputName() {
    return this.inputName ?? '';
  },
  VarsFromCtx() {
    return this.req?.params ?? {};
  },
  URLParamsFromCtx() {
    return this.req?.params ?? {};
  },
  URLParamFromCtx(name) {
    return this.req?.params[name] ?? '';
  },
};

const acts: object = {
  Send(this: OpenFunctionInvocation, outputName: string, payload: unknown) {
    const { outputs, wrap } = this.services;
    return outputs.sendTo(outputName, payload, wrap && ((value, to) => wrap(value, to, this)));
  },
  SendTo(this: OpenFunctionInvocation, payload: unknown, outputName?: string) {
    return this.send(payload, outputName);
  },
  WithError(this: OpenFunctionInvocation, error: Error) {
    this.error = error;
    return this;
  },
  WithOut(this: OpenFunctionInvocation, out: Out) {
    this.out = out;
    return this;
  },
  CloneRuntimeContext(this: OpenFunctionInvocation) {
    const { req, res, message, data } = this;
    return Object.assign<OpenFunctionInvocation, object>(Reflect.construct(this.constructor, [req, res, message]), {
      data,
    });
  },
  ReturnOnSuccess(this: OpenFunctionInvocation) {
    return this.success();
  },
  ReturnOnInternalError(this: OpenFunctionInvocation) {
    return this.fail();
  },
  ContextOptions(this: OpenFunctionInvocation): ContextOptions {
    const options: ContextOptions = {
      SetRawData: (enable) => {
        this.rawDataEnabled = enable;
        return options;
      },
      IsRawDataEnabled: () => this.rawDataEnabled,
    };
    return options;
  },
  packageAsCloudevent(this: OpenFunctionInvocation, payload: unknown) {
    if (isCloudEvent(payload)) return jsonOf(payload);
    const { name } = this.services.context;
    const id = globalThis.crypto.randomUUID();
    return jsonOf({ specversion: '1.0', id, source: name, type: `io.openfunction.function.${name}`, data: payload });
  },
};

// oxlint-disable-next-line typescript/no-extraneous-class -- they are defined right below
class WithGoMembers {}
defineMembers(WithGoMembers.prototype, { ...values, ...invocation, ...acts });

/** The class below contexts. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- its prototype has just got the members
export const GoNamed: new () => GoMembers = WithGoMembers as new () => GoMembers;
