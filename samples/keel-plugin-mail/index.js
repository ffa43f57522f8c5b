import { http } from '@openfunction/functions-framework';
import { callAddon } from '@openfunction/functions-framework/keel';

const archived = [];

const send = async (req, res) => {
  // Another plugin may change the mail; the token of this request goes along.
  const { mail } = await callAddon('before-send', { body: { mail: req.body } });
  res.json({ ret: 0, msg: 'ok', mail, archived });
};

// The extension point after-sign of acme-signature.
const archive = (req, res) => {
  archived.push(req.body.subject);
  res.json({ ret: 0, msg: 'ok' });
};

http('send', send, { path: '/send', methods: ['POST'] });
http('archive', archive, { path: '/archive', methods: ['POST'] });
