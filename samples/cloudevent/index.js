import { cloudEvent } from '@openfunction/functions-framework';

cloudEvent('thumbnail', async (event) => {
  console.log(`${event.type} from ${event.source}`);
  // What is returned is the answer; a CloudEvent goes back to the broker.
  return {
    id: `${event.id}-thumbnail`,
    source: '/samples/cloudevent',
    type: 'com.example.thumbnail.made',
    specversion: '1.0',
    data: { name: `${event.data.name}.png` },
  };
});
