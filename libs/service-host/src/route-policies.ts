import { ModulesContainer } from '@nestjs/core';
import type { INestApplicationContext } from '@nestjs/common';
import { routeMetadata } from './route-request.js';

/** Thrown at start when a controller has a handler without `@Route`, and so without a policy. */
export class RouteWithoutPolicy extends Error {
  constructor(readonly handlers: readonly string[]) {
    super(`handlers without a policy: ${handlers.join(', ')}; bind them with @Route`);
    this.name = 'RouteWithoutPolicy';
  }
}

const handlersOf = (controller: NewableFunction): [string, unknown][] => {
  const prototype = controller.prototype as object;
  return Object.entries(Object.getOwnPropertyDescriptors(prototype))
    .filter(([name]) => name !== 'constructor')
    .map(([name, { value }]) => [`${controller.name}.${name}`, value]);
};

/** Refuses an application in which Nest would serve a handler that no route declares. */
export const assertPolicies = (app: INestApplicationContext): void => {
  const controllers = [...app.get(ModulesContainer).values()].flatMap((module) => [...module.controllers.values()]);
  const naked = controllers
    .flatMap(({ metatype }) => (typeof metatype === 'function' ? handlersOf(metatype) : []))
    .filter(([, handler]) => typeof handler === 'function' && Reflect.hasMetadata('path', handler))
    .filter(([, handler]) => !Reflect.hasMetadata(routeMetadata, handler as object));
  if (naked.length > 0) throw new RouteWithoutPolicy(naked.map(([name]) => name));
};
