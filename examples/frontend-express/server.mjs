// An API without CORS, on http://localhost:8080; PORT=8081 node server.mjs has it elsewhere.

import express from "express";

const app = express();

app.use(express.json());

app.put("/users/:id", (req, res) => {
  res.json({ id: Number(req.params.id), name: req.body.name });
});

app.listen(process.env.PORT ?? 8080);
