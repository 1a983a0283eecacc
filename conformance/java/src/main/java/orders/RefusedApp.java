package orders;

import io.github.cdkproductionlambda.ProductionFunction;
import io.github.cdkproductionlambda.QueueConsumer;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.lambda.Code;
import software.amazon.awscdk.services.lambda.Runtime;

public final class RefusedApp {
    private RefusedApp() {
    }

    public static void main(final String[] args) {
        final App app = new App();
        final Stack stack = new Stack(app, "Orders");
        final ProductionFunction work = ProductionFunction.Builder.create(stack, "Work")
            .runtime(Runtime.NODEJS_24_X)
            .handler("index.handler")
            .code(Code.fromAsset("../handlers/work"))
            .build();
        QueueConsumer.Builder.create(stack, "Queue").function(work).maxConcurrency(1).build();
        app.synth();
    }
}
