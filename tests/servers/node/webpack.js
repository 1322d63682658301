// webpack-dev-server with hot replacement of modules: node webpack.js DIRECTORY PORT

import webpack from "webpack";
import WebpackDevServer from "webpack-dev-server";

const [context, port] = process.argv.slice(2);
const compiler = webpack({
  mode: "development",
  context,
  entry: "./main.js",
  output: { path: `${context}/built`, filename: "bundle.js" },
  infrastructureLogging: { level: "error" },
  stats: "errors-only",
});
// Without `webSocketURL` its client goes past every proxy, to the port that the server itself listens on.
const client = { webSocketURL: "auto://0.0.0.0:0/ws", overlay: false };
const options = { host: "localhost", port: Number(port), static: `${context}/public`, hot: true, client };
await new WebpackDevServer(options, compiler).start();
