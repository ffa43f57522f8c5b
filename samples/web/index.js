export default {
  async fetch(request) {
    const { pathname } = new URL(request.url);
    return Response.json({ method: request.method, pathname, body: await request.text() });
  },
};
