// The proxies under Node.js that ours is measured beside: node proxy.js KIND PORT TARGET, where KIND is
// one of these; the current directory is empty.
import http from 'node:http';

const host = '127.0.0.1';
const [kind, port, target] = process.argv.slice(2);

async function httpProxy3(options) {
  const { createProxyServer } = await import('http-proxy-3');
  const proxy = createProxyServer({ target, ...options });
  proxy.on('error', (error, request, response) => {
    if (response.writeHead && !response.headersSent) response.writeHead(502);
    response.end(error.message);
  });
  proxy.listen(Number(port), host);
}

const kinds = {
  'http-proxy-3': () => httpProxy3({}),

  // The agent that everybody is advised to give it.
  'http-proxy-3 agent': () => httpProxy3({ agent: new http.Agent({ keepAlive: true, maxFreeSockets: 128 }) }),

  // The shorthand of its documentation.
  vite: async () => {
    const { createServer } = await import('vite');
    const server = { host, port: Number(port), strictPort: true, proxy: { '/api': target } };
    await (await createServer({ configFile: false, logLevel: 'error', server })).listen();
  },

  // Its own server.js, which reads HOST and PORT; the target is in the path.
  'cors-anywhere': async () => {
    Object.assign(process.env, { HOST: host, PORT: port });
    await import('cors-anywhere/server.js');
  },
};

await kinds[kind]();
