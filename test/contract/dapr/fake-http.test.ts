import { testApi } from './api.suite.ts';
import { testComponents } from './components.suite.ts';
import { testEndings } from './endings.suite.ts';
import { makeFake } from './fake-engine.ts';
import { testTopics } from './topics.suite.ts';

testTopics(makeFake, 'http');
testComponents(makeFake, 'http');
testEndings(makeFake, 'http');
testApi(makeFake, 'http');
