import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../../http/json.ts';
import type { Reply } from '../../http/loopback-server.ts';

/** What is wrong with one input, in HubSpot's words. */
export interface HubspotError {
  readonly status: number;
  readonly category: string;
  readonly message: string;
  readonly subCategory?: string;
  readonly errors?: readonly JsonObject[];
}

export function errorReply({ status, category, message, subCategory, errors = [] }: HubspotError): Reply {
  return {
    status,
    body: {
      status: 'error',
      message,
      correlationId: randomUUID(),
      ...(errors.length > 0 && { errors }),
      category,
      ...(subCategory !== undefined && { subCategory }),
    },
  };
}

/** The same inside a 207, where it names the input by its trace id. */
export function rowError({ category, message, errors = [] }: HubspotError, traceId: string): JsonObject {
  return { status: 'error', category, message, context: { objectWriteTraceId: [traceId] }, errors, links: {} };
}

/** One property whose value is not taken; the message carries the same again as JSON. */
export function invalidProperty(property: string, code: string, message: string): HubspotError {
  const inner = [{ isValid: false, message, error: code, name: property }];
  return {
    status: 400,
    category: 'VALIDATION_ERROR',
    message: `Property values were not valid: ${JSON.stringify(inner)}`,
    errors: [{ message, code, context: { propertyName: [property] } }],
  };
}

export function invalidInput(message: string): HubspotError {
  return { status: 400, category: 'VALIDATION_ERROR', message };
}

export function notFound(message: string): HubspotError {
  return { status: 404, category: 'OBJECT_NOT_FOUND', message };
}

export function missingScope(scope: string): HubspotError {
  return {
    status: 403,
    category: 'MISSING_SCOPES',
    message: "This app hasn't been granted all required scopes to make this call.",
    errors: [
      { message: 'One or more of the following scopes are required.', context: { requiredGranularScopes: [scope] } },
    ],
  };
}

/** Two writers created the same unique value at the same moment: the slower one is told so. */
export function takenKey(type: string, property: string, value: string): HubspotError {
  const message = `Cannot set PropertyValueCoordinates{objectTypeId=${type}, propertyName=${property}, value=${value}} as another object already has that value.`;
  return { status: 400, category: 'VALIDATION_ERROR', message };
}

export function requiredNotSet(type: string, properties: readonly string[]): HubspotError {
  const message = `Error creating ${type.toUpperCase()}. Some required properties were not set.`;
  return { status: 400, category: 'VALIDATION_ERROR', message, errors: [{ message, context: { properties } }] };
}

export function unauthorized(category: 'INVALID_AUTHENTICATION' | 'EXPIRED_AUTHENTICATION'): Reply {
  return errorReply({ status: 401, category, message: 'Authentication credentials not found or no longer valid.' });
}

/** The body of a 429 has a shape of its own. */
export function rateLimited(policyName: string): Reply {
  return {
    status: 429,
    body: {
      status: 'error',
      message: `You have reached your ${policyName.toLowerCase()} limit.`,
      errorType: 'RATE_LIMIT',
      correlationId: randomUUID(),
      policyName,
    },
  };
}
