import type { Asked, Target } from '../connector.js';
import { type JsonObject, objectsOf, textOf } from '../kit/json.js';
import { rejection } from './hubspot.advice.js';
import { PATHS, post, read } from './hubspot.api.js';
import { type Pipeline, pipelineInput, type PipelinePlan, stageInput } from './hubspot.pipelines.js';

/** Finds the pipeline and its stages by their labels, and creates what is missing. */
export async function ensurePipeline<S extends string>(
  target: Target,
  plan: PipelinePlan<S>,
): Promise<Asked<Pipeline<S>>> {
  const found = await findPipeline(target, plan);
  if (!found.ok) return found;
  if (found.value !== undefined) return withStages(target, plan, found.value);
  const created = await post(target, PATHS.pipelines(plan.objectType), pipelineInput(plan));
  if (created.ok) return withStages(target, plan, created.value);
  // Somebody else may have been faster: labels are unique.
  const again = await findPipeline(target, plan);
  if (again.ok && again.value !== undefined) return withStages(target, plan, again.value);
  const { failure } = created;
  if (failure.outcome !== 'rejected' || failure.code === 'missing_scopes') return created;
  const advice =
    `HubSpot does not let this account have the pipeline "${plan.label}" for ${plan.objectType}: rename one that is ` +
    `not used to "${plan.label}", or choose a plan with more pipelines, and start the app again.`;
  return { ok: false, failure: { ...rejection('pipeline_refused'), advice } };
}

async function findPipeline(target: Target, plan: PipelinePlan<string>): Promise<Asked<JsonObject | undefined>> {
  const pipelines = await read(target, PATHS.pipelines(plan.objectType));
  if (!pipelines.ok) return pipelines;
  return { ok: true, value: objectsOf(pipelines.value.results).find((pipeline) => isCalled(pipeline, plan.label)) };
}

async function withStages<S extends string>(
  target: Target,
  plan: PipelinePlan<S>,
  pipeline: JsonObject,
): Promise<Asked<Pipeline<S>>> {
  const id = textOf(pipeline.id);
  const there = objectsOf(pipeline.stages);
  const stageIds: Record<string, string> = {};
  for (const [index, stage] of Object.entries<JsonObject>(plan.stages).entries()) {
    const known = there.find((candidate) => isCalled(candidate, stage[0]));
    const created = known
      ? ({ ok: true, value: known } as const)
      : await post(target, PATHS.stages(plan.objectType, id), stageInput(stage, index));
    if (!created.ok) return created;
    stageIds[stage[0]] = textOf(created.value.id);
  }
  // Safe: every stage of the plan has its id now.
  return { ok: true, value: { id, stageIds: stageIds as Record<S, string> } };
}

function isCalled({ label, archived }: JsonObject, wanted: string): boolean {
  return archived !== true && textOf(label).trim().toLowerCase() === wanted.toLowerCase();
}
