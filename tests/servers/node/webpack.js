// webpack-dev-server with hot replacement of modules, as it comes: node webpack.js DIRECTORY PORT

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
await new WebpackDevServer({ host: "localhost", port: Number(port), static: context, hot: true }, compiler).start();
