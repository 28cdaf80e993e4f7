/** An exception of the server, as it leaves over either transport. Nothing of the call is kept. */
export class OdooException extends Error {
  /** Python class. */
  readonly pythonName: string;
  /** The status it has over JSON-2. */
  readonly status: number;

  constructor(status: number, pythonName: string, message: string) {
    super(message);
    this.pythonName = pythonName;
    this.status = status;
  }
}

export function userError(message: string): OdooException {
  return new OdooException(422, 'odoo.exceptions.UserError', message);
}

export function validationError(message: string): OdooException {
  return new OdooException(422, 'odoo.exceptions.ValidationError', message);
}

export function accessError(message: string): OdooException {
  return new OdooException(403, 'odoo.exceptions.AccessError', message);
}

export function missingError(model: string, id: number): OdooException {
  const message = `Record does not exist or has been deleted.\n(Record: ${model}(${id},), User: 2)`;
  return new OdooException(404, 'odoo.exceptions.MissingError', message);
}

export function valueError(message: string): OdooException {
  return new OdooException(500, 'builtins.ValueError', message);
}

export function unprocessable(message: string): OdooException {
  return new OdooException(422, 'werkzeug.exceptions.UnprocessableEntity', message);
}

export function notFound(message: string): OdooException {
  return new OdooException(404, 'werkzeug.exceptions.NotFound', message);
}
