/** One exchange with Core or a target; the transport behind it bounds time and size and follows no redirect. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export type HttpResponse =
  | {
      readonly kind: 'answer';
      readonly status: number;
      /** Names in lower case. */
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
    }
  /** Nothing was sent: address refused, name not resolved, no connection. */
  | { readonly kind: 'unreachable'; readonly code: string; readonly permanent: boolean }
  /** Sent, but no whole answer came: the other side may have committed. */
  | { readonly kind: 'lost'; readonly code: string };

/** Makes one exchange. Never rejects for anything the network or the other side may do. */
export type SendHttp = (request: HttpRequest) => Promise<HttpResponse>;

/**
 * Code of what was lost because this process is ending and has closed its connections: that says nothing about the other
 * side.
 */
export const SHUTTING_DOWN = 'shutting_down';
