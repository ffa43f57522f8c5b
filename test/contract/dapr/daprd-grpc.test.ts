import { testApi } from './api.suite.ts';
import { testComponents } from './components.suite.ts';
import { testEndings } from './endings.suite.ts';
import { daprd } from './daprd-engine.ts';
import { testTopics } from './topics.suite.ts';

testTopics(() => daprd, 'grpc');
testComponents(() => daprd, 'grpc');
testEndings(() => daprd, 'grpc');
testApi(() => daprd, 'grpc');
