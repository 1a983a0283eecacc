// Charges twice: two deliveries at the same time find no record, and a process that ends between the charge and its record charges again.
exports.handler = async ({ order }) => {
  const send = async (method, path) => {
    const response = await fetch(`${process.env.PROVIDER_URL}${path}`, { method });
    if (response.status >= 400 && response.status !== 404) throw new Error(`${method} ${path}: ${response.status}`);
    return response;
  };
  if ((await send('GET', `/records/${order}`)).status === 200) return { order, repeated: true };
  await send('POST', `/charges/${order}`);
  await send('PUT', `/records/${order}`);
  return { order };
};
