import { http } from '@openfunction/functions-framework';
import { callAddon, KeelError } from '@openfunction/functions-framework/keel';

// The extension point before-send of acme-mail.
const sign = async (req, res) => {
  const { subject, text } = req.body.mail;
  try {
    await callAddon('after-sign', { body: { subject } });
  } catch (error) {
    // Nobody has to extend this plugin.
    if (!(error instanceof KeelError && error.status === 404)) throw error;
  }
  res.json({ ret: 0, msg: 'ok', mail: { subject, text: `${text}\n-- \nACME` } });
};

http('sign', sign, { path: '/sign', methods: ['POST'] });
