import { testApi } from './api.suite.ts';
import { testComponents } from './components.suite.ts';
import { testEndings } from './endings.suite.ts';
import { makeFake } from './fake-engine.ts';
import { testTopics } from './topics.suite.ts';

testTopics(makeFake, 'grpc');
testComponents(makeFake, 'grpc');
testEndings(makeFake, 'grpc');
testApi(makeFake, 'grpc');
