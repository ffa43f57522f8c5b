export const greet = (ctx, data) => ({ greeting: `Hello, ${data.name ?? 'World'}!` });
