import { join } from 'node:path';
import { execa } from 'execa';
import { placeOfBroker, type BrokerProgram } from '../../scripts/brokers.ts';
import { ownPort } from './own-port.ts';
import { start, type Running } from './process.ts';
import { end, expectPrinted, provided, startServer } from './server-process.ts';
import { makeFolder } from './workspace.ts';

/** Payloads in the order of their arrival. */
export interface Received {
  /** Waits for the next one. */
  next(): Promise<string>;
}

/** An MQTT broker that keeps nothing on disk. */
export interface Mosquitto extends AsyncDisposable {
  /** As components' `url` wants it. */
  readonly url: string;
  /** Publishes with QoS 1: the broker has the message when this is done. */
  publish(topic: string, payload: string): Promise<void>;
  /** Subscribes with QoS 1: whatever is published once this is done is received. */
  subscribe(topic: string): Promise<Received>;
  /** Waits until anybody has subscribed to exactly this topic. */
  subscribed(topic: string): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a Mosquitto that is gone when the test ends. */
export async function startMosquitto(): Promise<Mosquitto> {
  const port = await ownPort();
  const config = `listener ${port} 127.0.0.1\nallow_anonymous true\nlog_dest stderr\n`;
  const args = ['--verbose', '-c', join(makeFolder({ 'mosquitto.conf': config }), 'mosquitto.conf')];
  const broker = await startServer(await placeOf('mosquitto'), args, ' running\n');
  const client = ['-h', '127.0.0.1', '-p', String(port), '-q', '1'];
  let subscribers = 0;
  const stop = () => end(broker, 'SIGKILL');
  return {
    url: `mqtt://127.0.0.1:${port}`,
    async publish(topic, payload) {
      await execa(await placeOf('mosquitto_pub'), [...client, '-t', topic, payload === '' ? '-n' : '-s'], {
        input: payload,
      });
    },
    async subscribe(topic) {
      subscribers += 1;
      const id = `subscriber-${subscribers}`;
      const reader = start(await placeOf('mosquitto_sub'), [...client, '-t', topic, '-i', id, '-F', '%x']);
      await expectPrinted(broker, `Sending SUBACK to ${id}\n`);
      return payloadsOf(reader);
    },
    // A line of the log: the client, the QoS and the topic.
    subscribed: async (topic) => void (await expectPrinted(broker, ` ${topic}\n`)),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

async function placeOf(program: BrokerProgram): Promise<string> {
  return provided(program, await placeOfBroker(program));
}

/** The lines that a process prints, each the hexadecimal digits of a payload. */
function payloadsOf(reader: Running): Received {
  let taken = 0;
  return {
    async next() {
      taken += 1;
      const printed = await expectPrinted(reader, new RegExp(`^(?:.*\n){${taken}}`));
      return Buffer.from(printed.split('\n')[taken - 1] ?? '', 'hex').toString();
    },
  };
}
