/**
 * Every code a user can meet, with the one sentence that docs/errors.md explains further.
 * Codes are stable: a retired one is never used again.
 */
export const ERROR_CODES = {
  'OFN-APISIX-CLOSED': 'APISIX has closed the connection, or has its answer already.',
  'OFN-APISIX-CONF': 'The configuration of a gateway plugin is not as the plugin wants it.',
  'OFN-APISIX-DEADLINE': 'A gateway plugin took longer than APISIX waits.',
  'OFN-APISIX-LISTEN': 'The socket for APISIX could not be made.',
  'OFN-APISIX-PLUGIN': 'A gateway plugin is missing, can not be loaded, is none, or has the name of another one.',
  'OFN-APISIX-REPLY': 'A gateway plugin answered with something that APISIX can not be told.',
  'OFN-APISIX-TEST': 'A test gave the helper a call that APISIX never makes, or plugins in no form that it takes.',
  'OFN-BINDING': 'A service binding is not as its type wants it.',
  'OFN-BUDGET': 'The image is larger, or the function starts slower, than a budget of the project allows.',
  'OFN-BUILD-SCRIPT': 'A build script of the project failed.',
  'OFN-BUILDPACK': 'The buildpack or the builder image is incomplete.',
  'OFN-CHECK': 'The function did not survive being booted by the build.',
  'OFN-CLI-ARGUMENT': 'An argument of ofn is not as it should be.',
  'OFN-CLI-BUILD': 'The build failed; the output above says why.',
  'OFN-CLI-ENGINE': 'No Docker engine answers, or it is too old.',
  'OFN-CLI-PLAN': 'The image has no plan of its build.',
  'OFN-CLI-PROGRAM': 'A program that ofn needs is missing.',
  'OFN-CLI-SANDBOX': 'This machine does not allow a build without a Docker engine.',
  'OFN-CLI-SOURCE': 'The folder of the function has something that can not be read.',
  'OFN-CNB-DESCRIPTOR': "The buildpack's own buildpack.toml is wrong.",
  'OFN-CNB-ENVIRONMENT': 'bin/detect or bin/build was not started by a lifecycle.',
  'OFN-CNB-FILE': 'A file of the buildpacks specification could not be read or written.',
  'OFN-CNB-LAUNCH': 'A process of the image is not as the specification wants it.',
  'OFN-CNB-LAYER': 'A layer has a name the specification does not allow.',
  'OFN-CNB-SBOM': 'An SBOM has a format that buildpack.toml does not list.',
  'OFN-COMMAND': 'A command of the project can not be a process of the image.',
  'OFN-CONFIG': 'A setting of the project or of the build has a value it can not have.',
  'OFN-CONTEXT': 'The function context has no inputs, or one that can not be listened to.',
  'OFN-DAPR-NAME': 'A name of a component, key, topic or method would lead to another API of the sidecar.',
  'OFN-DAPR-SIDECAR': 'The Dapr sidecar could not be reached.',
  'OFN-DEPS-AUTH': 'The package registry refused the credentials.',
  'OFN-DEPS-FOREIGN': 'A package has native code for another architecture than the image, or than this machine.',
  'OFN-DEPS-INSTALL': 'The package manager failed for a reason that has no code of its own.',
  'OFN-DEPS-INTEGRITY': 'A package differs from what the lock file or `packageManager` promises.',
  'OFN-DEPS-LOCK': 'The lock file is broken, or it and package.json disagree.',
  'OFN-DEPS-MANAGER': 'It is not clear which package manager the project wants, or it is not served.',
  'OFN-DEPS-NATIVE': 'A native module did not compile.',
  'OFN-DEPS-NETWORK': 'The package registry could not be reached.',
  'OFN-DEPS-NOT-FOUND': 'A package or version is not in the registry.',
  'OFN-DEPS-OUTSIDE': 'The app needs packages or a lock file that lie outside of its folder.',
  'OFN-DEPS-SECRET': 'A password of an address would be in the image, in the names or files of packages.',
  'OFN-DEPS-VULNERABLE': 'A package of the project is known to be vulnerable.',
  'OFN-DEPS-YOUNG': 'A version of a package was published too short a time ago.',
  'OFN-DETECT': 'The buildpack is not for what the build was given.',
  'OFN-FRAMEWORK': 'The functions framework that the project asks for can not be had, or not be started.',
  'OFN-FUNC-DEPENDENCY': 'The function imports a package or a file that is not there.',
  'OFN-FUNC-INIT': "The function's own `init` failed.",
  'OFN-FUNC-LOAD': "The function's module throws while it is loaded.",
  'OFN-FUNC-NODE': 'This version of Node.js is too old for the functions framework.',
  'OFN-FUNC-NOT-FOUND': "The function's module has no such export.",
  'OFN-FUNC-SOURCE': 'There is no module where the function should be.',
  'OFN-FUNC-SYNTAX': "The function's source has a syntax error.",
  'OFN-FUNC-TYPE': 'The export, or what is declared, is not a function.',
  'OFN-FUNC-TYPESCRIPT': 'The function uses TypeScript syntax that Node.js can not strip.',
  'OFN-IMAGE-LAYOUT': 'An OCI layout is broken, or is not for this machine.',
  'OFN-IMAGE-MANIFEST': 'An image says nothing of a function, or nothing that this version of ofn can read.',
  'OFN-IMAGE-NAME': 'An image name is not one.',
  'OFN-IMAGE-PULL': 'An image could not be fetched from its registry.',
  'OFN-IMAGE-PUSH': 'An image could not be sent to its registry.',
  'OFN-INTERNAL': 'A fault of ours: please report it with the output above.',
  'OFN-KEEL-CALL': 'A call through Keel could not be made, was refused, or was answered with what is no answer.',
  'OFN-KEEL-HOOK': 'What the function exports as `keel` can not be used.',
  'OFN-KEEL-TOKEN': 'A call through Keel has no token.',
  'OFN-LIFECYCLE': 'A phase of the lifecycle failed, which no buildpack has a part in, such as sending the image.',
  'OFN-NODE-ABI': 'The Node.js of the image is not the one that its native modules were compiled for.',
  'OFN-NODE-VERSION': 'The project asks for a version of Node.js that is none, or that can not be had.',
  'OFN-PACKAGE-JSON': 'package.json is broken.',
  'OFN-PLUGIN': 'A plugin of the function is missing, or could not be started.',
  'OFN-PORT': 'The port is not a number that can be listened on, or is taken.',
  'OFN-SHIPWRIGHT': 'A Build, or the strategy it names, gives the build something that it can not use.',
  'OFN-SIGNATURE': 'The signature type is unknown.',
  'OFN-TYPESCRIPT': 'The TypeScript of the project could not be compiled.',
} as const;

/** The code of a failure, for people to search and programs to match. */
export type ErrorCode = keyof typeof ERROR_CODES;

/** What a failure carries beside its message. */
export interface FnErrorFields {
  /** The stable code. */
  readonly code: ErrorCode;
  /** The next act: what the reader should do now, one or more sentences. */
  readonly hint: string;
  /** What led to it. */
  readonly cause?: unknown;
}

/** A failure with a stable code and a hint; the message reads "Couldn't <act> <thing>: <cause>." */
export class FnError extends Error {
  readonly code: ErrorCode;
  readonly hint: string;

  constructor(message: string, fields: FnErrorFields) {
    super(message, fields.cause === undefined ? undefined : { cause: fields.cause });
    this.name = 'FnError';
    this.code = fields.code;
    this.hint = fields.hint;
  }
}

/** The message of anything thrown, be it as strange as it will. */
export function messageOf(thrown: unknown): string {
  return textOf(() => (thrown instanceof Error ? thrown.message : thrown));
}

/** The stack of anything thrown, or its text where it has none; below it the code and the hint of a failure that has them. */
export function describeThrown(thrown: unknown): string {
  const stack = textOf(() => (thrown instanceof Error ? (thrown.stack ?? thrown.message) : thrown));
  return thrown instanceof FnError ? `${stack}\n[${thrown.code}] ${thrown.hint}` : stack;
}

function textOf(read: () => unknown): string {
  try {
    return String(read());
  } catch {
    return 'a value that can not be shown';
  }
}

/** The text a person reads: `ERROR [code] message` and the hint, or the stack of an unforeseen failure. */
export function describeError(thrown: unknown): string {
  if (thrown instanceof FnError) return `ERROR [${thrown.code}] ${thrown.message}\n\n${thrown.hint}`;
  return `ERROR [OFN-INTERNAL] ${describeThrown(thrown)}\n\n${ERROR_CODES['OFN-INTERNAL']}`;
}
