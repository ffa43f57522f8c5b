// Prints who uploaded what: a function of CloudEvents gets the events of a topic with all their attributes.
// Events of other types are dropped.
import { cloudEvent } from '@openfunction/functions-framework';

cloudEvent<{ file: string }>('audit', ({ id, source, type, data }) => {
  if (type !== 'com.example.uploaded') return { status: 'DROP' };
  console.log(`${id}: ${source} uploaded ${data?.file}`);
  return { status: 'SUCCESS' };
});
