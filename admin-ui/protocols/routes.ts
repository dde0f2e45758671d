/** What is signed: protocols, their guides and papers, the assets and flows of data they are about, and training. */
import { acknowledgeTraining, showTraining } from './acknowledge-training/acknowledge_training.ts';
import { downloadAssets, listAssets } from './list-assets/list_assets.ts';
import { listProtocols } from './list-protocols/list_protocols.ts';
import { listTrained } from './list-trained/list_trained.ts';
import { drawMap, mapFlows } from './map-flows/map_flows.ts';
import { decidePublication, listPublications, showPublication } from './publish-documents/publish_documents.ts';
import { readGuide } from './read-guide/read_guide.ts';
import { viewProtocol } from './view-protocol/view_protocol.ts';
import { requireAdministrator } from '../session/require_person.ts';
import type { WebContext } from '../context.ts';
import type { RouteSteps } from '../kit/route_steps.ts';

export function addProtocolPages(context: WebContext, { get, post, person, form }: RouteSteps): void {
  get('/protocols', person, listProtocols(context));
  get('/protocols/:id/:version', person, viewProtocol(context));
  get('/protocols/:id/:version/guide', person, form, readGuide(context));
  get('/protocols/:id/:version/documents', person, listPublications(context));
  get('/protocols/:id/:version/documents/:kind', person, form, showPublication(context));
  post('/protocols/:id/:version/documents/:kind', person, form, decidePublication(context));
  get('/training', person, showTraining(context));
  post('/training', person, form, acknowledgeTraining(context));
  get('/training/people', person, requireAdministrator, listTrained(context));
  get('/assets', person, listAssets(context));
  get('/assets.csv', person, downloadAssets(context));
  get('/flows', person, mapFlows(context));
  get('/flows.svg', person, drawMap(context));
}
