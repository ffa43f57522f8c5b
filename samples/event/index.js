exports.audit = async (data, context) => {
  console.log(`${context.eventType} ${context.eventId}`);
  return { audited: Buffer.from(data.data, 'base64').toString() };
};
