import http from 'node:http';
import { usage } from './index.js';

const server = http.createServer(usage).listen(Number(process.env.PORT));
process.on('SIGTERM', () => server.close());
