import { testApi } from './api.suite.ts';
import { testComponents } from './components.suite.ts';
import { testEndings } from './endings.suite.ts';
import { daprd } from './daprd-engine.ts';
import { testTopics } from './topics.suite.ts';

testTopics(() => daprd, 'http');
testComponents(() => daprd, 'http');
testEndings(() => daprd, 'http');
testApi(() => daprd, 'http');
