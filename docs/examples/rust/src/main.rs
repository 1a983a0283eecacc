//! A Lambda function for the runtime provided.al2023.

use lambda_runtime::{run, service_fn, Error, LambdaEvent};
use serde::{Deserialize, Serialize};

/// The event of the function.
#[derive(Deserialize)]
struct Request {
    amount: i64,
    percent: i64,
}

/// The result of the function.
#[derive(Serialize)]
struct Response {
    fee: i64,
}

async fn handle(event: LambdaEvent<Request>) -> Result<Response, Error> {
    let Request { amount, percent } = event.payload;
    if amount < 0 {
        return Err(format!("amount must be at least 0, got {amount}").into());
    }
    Ok(Response { fee: amount * percent / 100 })
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    run(service_fn(handle)).await
}
