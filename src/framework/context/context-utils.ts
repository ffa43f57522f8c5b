import { ComponentType, RuntimeType, type OpenFunctionComponent, type OpenFunctionContext } from './types.ts';

/** Questions to contexts and components, as OpenFunction's Node framework has them. */
export const ContextUtils = {
  IsKnativeRuntime: (context?: Pick<OpenFunctionContext, 'runtime'>): boolean =>
    context?.runtime?.toLowerCase() === RuntimeType.Knative,
  IsAsyncRuntime: (context?: Pick<OpenFunctionContext, 'runtime'>): boolean =>
    context?.runtime?.toLowerCase() === RuntimeType.Async,
  IsBindingComponent: (component?: OpenFunctionComponent): boolean => isA(component, ComponentType.Binding),
  IsPubSubComponent: (component?: OpenFunctionComponent): boolean => isA(component, ComponentType.PubSub),
  IsStateComponent: (component?: OpenFunctionComponent): boolean => isA(component, ComponentType.State),
} as const;

function isA(component: OpenFunctionComponent | undefined, type: ComponentType): boolean {
  return component?.componentType?.split('.')[0] === type;
}
