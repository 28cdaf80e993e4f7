import { createHash, timingSafeEqual } from 'node:crypto';
import {
  Body,
  Controller,
  Get,
  Headers,
  HttpCode,
  Inject,
  type OnApplicationShutdown,
  Param,
  Post,
  Req,
  Res,
} from '@nestjs/common';
import type { Request, Response } from 'express';
import { CONFIG, type Config } from '../config/config.js';
import { RequestError } from '../errors/request-error.js';
import { Logger } from '../log/logger.js';
import { QUEUE, type Queue } from '../queue/queue.js';
import { StateService } from '../state/state.service.js';
import { Tenants } from '../state/tenants.js';
import type { TenantState } from '../state/tenant-state.js';
import { TargetFactory } from '../sync/target-factory.js';
import { TenantReader } from '../tenants/tenant-reader.js';
import type { ConsoleDesk } from './console-desk.js';
import { SECURITY_HEADERS } from './security-headers.js';
import { WrongTokens } from './wrong-tokens.js';

const STATE_WAIT_MS = 5_000;
const SHUT_STATUS = 429;

/** How the page proves itself: a header of our own, which no other site can make a browser send. */
const TOKEN_HEADER = 'x-console-token';

/**
 * The tenant's console. The request's key says whose it is, as with webhooks; the token says that the caller may see it.
 * Where the tenant has set no token, there is nothing here. Everything behind is loaded with the first question.
 */
@Controller('console')
export class ConsoleController implements OnApplicationShutdown {
  private readonly wrongTokens = new WrongTokens();
  private desk: Promise<ConsoleDesk> | undefined;

  constructor(
    private readonly stateService: StateService,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(QUEUE) private readonly queue: Queue,
    private readonly targets: TargetFactory,
    private readonly reader: TenantReader,
    private readonly tenants: Tenants,
    private readonly logger: Logger,
  ) {}

  @Get()
  async page(@Req() request: Request, @Res() response: Response): Promise<void> {
    await this.tenantWithConsole();
    // The page names its files beside itself, because the platform may put a path before ours.
    if (request.path.endsWith('/')) response.set(SECURITY_HEADERS).redirect(308, '../console');
    else await this.send('console.html', response);
  }

  @Get(':file')
  async file(@Param('file') file: string, @Res() response: Response): Promise<void> {
    await this.tenantWithConsole();
    await this.send(file, response);
  }

  @Get('api/status')
  async status(@Headers(TOKEN_HEADER) token: string | undefined, @Res() response: Response): Promise<void> {
    const state = await this.admitted(token);
    response.set(SECURITY_HEADERS).json(await (await this.loadedDesk()).status(state));
  }

  @Post('api/policy')
  @HttpCode(200)
  async policy(
    @Headers(TOKEN_HEADER) token: string | undefined,
    @Body() body: unknown,
    @Res() response: Response,
  ): Promise<void> {
    const state = await this.admitted(token);
    response.set(SECURITY_HEADERS).json(await (await this.loadedDesk()).policy(state, body));
  }

  @Post('api/replay')
  @HttpCode(200)
  async replay(
    @Headers(TOKEN_HEADER) token: string | undefined,
    @Body() body: unknown,
    @Res() response: Response,
  ): Promise<void> {
    const state = await this.admitted(token);
    response.set(SECURITY_HEADERS).json(await (await this.loadedDesk()).replay(state, body));
  }

  async onApplicationShutdown(): Promise<void> {
    await (await this.desk)?.close();
  }

  private async send(file: string, response: Response): Promise<void> {
    const { readConsoleFile } = await import('./console-files.js');
    const found = await readConsoleFile(file);
    if (found === undefined) throw nothingHere();
    response.set(SECURITY_HEADERS).type(found.type).send(found.content);
  }

  /** @throws {RequestError} 404 where there is no console: nobody is told whether the tenant exists */
  private async tenantWithConsole(): Promise<TenantState & { readonly consoleToken: string }> {
    const answer = await this.stateService.look(STATE_WAIT_MS);
    if (answer.kind === 'unavailable') {
      const message = 'The Marketplace does not give the settings at the moment; try again in a few seconds.';
      throw new RequestError(503, 'state_unavailable', message, { retryAfterSeconds: 5 });
    }
    if (answer.kind !== 'known' || answer.state.consoleToken === undefined) throw nothingHere();
    return { ...answer.state, consoleToken: answer.state.consoleToken };
  }

  private async admitted(token: string | undefined): Promise<TenantState> {
    const state = await this.tenantWithConsole();
    const { tenant } = state;
    const shutForMs = this.wrongTokens.shutForMs(tenant, Date.now());
    if (shutForMs > 0) {
      const seconds = Math.ceil(shutForMs / 1_000);
      const message = `Too many wrong tokens: the console is shut for ${Math.ceil(seconds / 60)} min.`;
      throw new RequestError(SHUT_STATUS, 'too_many_wrong_tokens', message, { retryAfterSeconds: seconds });
    }
    if (token !== undefined && isSame(token, state.consoleToken)) return state;
    const isShut = this.wrongTokens.add(tenant, Date.now());
    this.logger.write('console.refused', { tenant, code: isShut ? 'too_many_wrong_tokens' : 'wrong_token' });
    throw new RequestError(401, 'wrong_token', 'This is not the token of the console in the settings of the app.');
  }

  private loadedDesk(): Promise<ConsoleDesk> {
    const { config, queue, targets, reader, tenants, logger } = this;
    return (this.desk ??= import('./console-desk.js').then(
      ({ ConsoleDesk }) => new ConsoleDesk({ place: config, queue, targets, reader, tenants, logger }),
    ));
  }
}

/** As for any address that does not exist. */
function nothingHere(): RequestError {
  return new RequestError(404, 'not_found', 'There is nothing at this address.');
}

/** Takes as long for a wrong token as for the right one, however much of it is right. */
function isSame(given: string, expected: string): boolean {
  return timingSafeEqual(digestOf(given), digestOf(expected));
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
