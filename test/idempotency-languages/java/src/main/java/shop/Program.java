package shop;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyRequestEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.DynamodbEvent.DynamodbStreamRecord;
import com.amazonaws.services.lambda.runtime.events.KafkaEvent.KafkaEventRecord;
import com.amazonaws.services.lambda.runtime.events.KinesisEvent.KinesisEventRecord;
import com.amazonaws.services.lambda.runtime.events.SNSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import com.amazonaws.services.lambda.runtime.events.models.s3.S3EventNotification;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.lambda.powertools.idempotency.Idempotency;
import software.amazon.lambda.powertools.idempotency.IdempotencyConfig;
import software.amazon.lambda.powertools.idempotency.persistence.dynamodb.DynamoDBPersistenceStore;
import software.amazon.lambda.powertools.utilities.JsonConfig;

/** For each event, calls two idempotent operations with the same key, as a handler does. Prints what ran, or the error. */
public final class Program {
    /** @param arguments the name of an event, the expression of its key, and so on */
    public static void main(String[] arguments) throws Exception {
        Map<String, Object> report = new LinkedHashMap<>();
        for (int i = 0; i < arguments.length; i += 2) report.put(arguments[i], called(event(arguments[i]), arguments[i + 1]));
        System.out.println(JsonConfig.get().getObjectMapper().writeValueAsString(report));
    }

    private static Object called(Object event, String keyPath) {
        DynamoDbClient client = DynamoDbClient.builder()
            .endpointOverride(URI.create(System.getenv("AWS_ENDPOINT_URL")))
            .httpClient(UrlConnectionHttpClient.create())
            .build();
        Idempotency.config()
            .withPersistenceStore(DynamoDBPersistenceStore.builder()
                .withTableName(System.getenv("IDEMPOTENCY_TABLE"))
                .withDynamoDbClient(client)
                .build())
            .withConfig(IdempotencyConfig.builder()
                .withEventKeyJMESPath(keyPath)
                .withThrowOnNoIdempotencyKey()
                .withExpiration(Duration.ofSeconds(Long.parseLong(System.getenv("IDEMPOTENCY_EXPIRES_AFTER_SECONDS"))))
                .build())
            .configure();
        Idempotency.registerLambdaContext(context());
        List<String> ran = new ArrayList<>();
        List<String> results = new ArrayList<>();
        try {
            for (String name : List.of("reserve", "pay", "reserve", "pay")) {
                Supplier<String> work = () -> {
                    ran.add(name);
                    return "result of " + name;
                };
                results.add(Idempotency.makeIdempotent(name, event, work, String.class));
            }
        } catch (RuntimeException error) {
            return Map.of("ran", ran, "error", error + " " + error.getCause());
        }
        return Map.of("ran", ran, "results", results);
    }

    private static Object event(String name) {
        switch (name) {
            case "SQS":
                SQSMessage message = new SQSMessage();
                message.setMessageId("m-1");
                return message;
            case "DYNAMODB_STREAM":
                DynamodbStreamRecord change = new DynamodbStreamRecord();
                change.setEventID("c-1");
                return change;
            case "KINESIS":
                KinesisEventRecord record = new KinesisEventRecord();
                record.setEventID("shardId-000000000006:4959");
                return record;
            case "KAFKA":
                return KafkaEventRecord.builder().withTopic("orders").withPartition(3).withOffset(15).build();
            case "SNS":
                SNSEvent.SNSRecord notification = new SNSEvent.SNSRecord();
                notification.setSns(new SNSEvent.SNS().withMessageId("s-1"));
                return notification;
            case "S3":
                var object = new S3EventNotification.S3ObjectEntity("k", 1L, "e", "v", "0055");
                var bucket = new S3EventNotification.S3BucketEntity("b", null, "arn:aws:s3:::b");
                var entity = new S3EventNotification.S3Entity("c", bucket, object, "1.0");
                return new S3EventNotification.S3EventNotificationRecord(
                    "eu-west-1", "ObjectCreated:Put", "aws:s3", null, "2.1", null, null, entity, null);
            case "EVENT_BRIDGE":
                return new ScheduledEvent().withId("e-1");
            case "HTTP":
                return APIGatewayV2HTTPEvent.builder().withHeaders(Map.of("idempotency-key", "h-1")).build();
            case "REST":
                return new APIGatewayProxyRequestEvent().withHeaders(Map.of("Idempotency-Key", "h-2"));
            default:
                throw new IllegalArgumentException(name);
        }
    }

    /** Only the remaining time is read. */
    private static Context context() {
        return (Context) Proxy.newProxyInstance(Program.class.getClassLoader(), new Class<?>[] {Context.class}, (proxy, method, values) -> 1_000);
    }
}
