import { HttpService } from '@nestjs/axios';
import axios, { type AxiosInstance } from 'axios';
import type { Agent } from 'undici';
import { undiciAdapter } from './undici-adapter.js';

/** An `HttpService` that neither parses nor transforms, answers every status, and speaks through this pool. */
export function lowLevelHttpService(dispatcher: Agent): HttpService {
  return new HttpService(plainAxios(dispatcher));
}

/** The adapter gives every status as an answer, follows no redirect and knows no proxy, so axios is told of none. */
function plainAxios(dispatcher: Agent): AxiosInstance {
  return axios.create({
    adapter: undiciAdapter(dispatcher),
    transformRequest: [],
    transformResponse: [],
  });
}
