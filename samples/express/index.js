import express from 'express';

export const app = express();

app.get('/users/:id', (req, res) => res.json({ id: req.params.id }));
app.use((req, res) => res.status(404).json({ error: `nothing at ${req.path}` }));
