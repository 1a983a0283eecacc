console.log(JSON.stringify({ version: process.versions.node }));
