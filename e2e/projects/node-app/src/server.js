const tide = require('tide');
const http = require('node:http');

http.createServer((_, answer) => answer.end(tide(new Date().getHours()))).listen(process.env.PORT);
