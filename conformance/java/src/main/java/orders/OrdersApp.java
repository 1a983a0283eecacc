package orders;

import io.github.cdkproductionlambda.CheckExemption;
import io.github.cdkproductionlambda.CheckSeverity;
import io.github.cdkproductionlambda.ProductionChecks;
import io.github.cdkproductionlambda.SeverityChange;
import java.util.List;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Validations;

public final class OrdersApp {
    private OrdersApp() {
    }

    public static void main(final String[] args) {
        final App app = new App();
        new OrdersStack(app, "Orders");
        Validations.of(app).addPlugins(ProductionChecks.Builder.create()
            .severities(List.of(SeverityChange.builder().rule("LP-F01").severity(CheckSeverity.OFF).build()))
            .exemptions(List.of(CheckExemption.builder()
                .rule("LP-H09").path("Orders/Api").reason("the handler of /webhook checks the signature").build()))
            .build());
        app.synth();
    }
}
