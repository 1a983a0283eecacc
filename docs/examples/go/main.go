// Command bootstrap is a Lambda function for the runtime provided.al2023.
package main

import (
	"context"
	"fmt"

	"github.com/aws/aws-lambda-go/lambda"
)

// Request is the event of the function.
type Request struct {
	Amount  int64 `json:"amount"`
	Percent int64 `json:"percent"`
}

// Response is the result of the function.
type Response struct {
	Fee int64 `json:"fee"`
}

func handle(_ context.Context, request Request) (Response, error) {
	if request.Amount < 0 {
		return Response{}, fmt.Errorf("amount must be at least 0, got %d", request.Amount)
	}
	return Response{Fee: request.Amount * request.Percent / 100}, nil
}

func main() {
	lambda.Start(handle)
}
