#include "providers/google/metadata.hpp"

#include <gmock/gmock.h>

#include "unit/google/federation_fixture.hpp"

namespace hearth::providers::google {
namespace {

using namespace std::chrono_literals;
using Kind = TokenFailure::Kind;
using ::testing::HasSubstr;

constexpr const char* account_url =
    "http://metadata.google.internal/computeMetadata/v1/instance/service-accounts/default/";

class MetadataToken : public FederationTest {
  protected:
    MetadataToken() { server.host = "metadata.google.internal"; }
    void answer(const std::string& path, int status, const std::string& body,
                const std::string& type = "application/json",
                std::vector<Header> more = {{"Metadata-Flavor", "Google"}}) {
        more.push_back({"Content-Type", type});
        http.answer(path, status, body, std::move(more));
    }
    TokenResult get() { return metadata_token(server, wanted, outside(), {}); }

    MetadataServer server;
    const std::string token_url =
        std::string(account_url) +
        "token?scopes=https%3A%2F%2Fwww.googleapis.com%2Fauth%2Fcloud-platform";
    const std::string id_url =
        std::string(account_url) + "identity?audience=https%3A%2F%2Frun.example&format=full";
};

TEST_F(MetadataToken, is_asked_for_with_the_flavor_and_the_scopes) {
    wanted.scopes = {"a", "b"};
    const auto url = std::string(account_url) + "token?scopes=a%2Cb";
    answer(url, 200, granted("ya29.instance"), "application/json; charset=utf-8");
    const auto got = get();
    ASSERT_TRUE(got) << got.error().error.what;
    EXPECT_EQ(got->value.reveal(), "ya29.instance");
    EXPECT_EQ(got->lifetime, 3599s);
    EXPECT_EQ(header("Metadata-Flavor", url), "Google");
}

TEST_F(MetadataToken, is_an_id_token_where_one_is_wanted) {
    const auto token = jwt_of(R"({"aud":"https://run.example","exp":1800003000})");
    answer(id_url, 200, token + "\n", "text/html");
    wanted.id_token_audience = "https://run.example";
    const auto got = get();
    ASSERT_TRUE(got) << got.error().error.what;
    EXPECT_EQ(got->value.reveal(), token);
    EXPECT_EQ(got->lifetime, 50min);
}

TEST_F(MetadataToken, that_is_an_id_token_lives_as_long_as_the_servers_clock_says) {
    const auto token = jwt_of(R"({"aud":"https://run.example","exp":1800003000})");
    answer(id_url, 200, token, "text/html",
           {{"Metadata-Flavor", "Google"}, {"Date", "Fri, 15 Jan 2027 08:40:00 GMT"}});
    wanted.id_token_audience = "https://run.example";
    EXPECT_EQ(get().value().lifetime, 10min - 1s);
}

TEST_F(MetadataToken, is_taken_only_from_a_server_that_says_what_it_is) {
    answer(token_url, 200, granted("ya29.other"), "application/json", {});
    const auto got = get();
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().kind, Kind::refused);
    EXPECT_EQ(got.error().error.what,
              "what answers at metadata.google.internal is no metadata server of Google's");
}

TEST_F(MetadataToken, is_read_as_json_only_where_the_server_says_so) {
    answer(token_url, 200, granted("ya29.other"), "text/html");
    EXPECT_THAT(get().error().error.what, HasSubstr("did not answer with JSON"));
}

TEST_F(MetadataToken, that_is_odd_is_none) {
    for (const auto* const body :
         {"", "[]", "{}", R"({"access_token":"t","token_type":"Bearer"})",
          R"({"access_token":"t","token_type":"mac","expires_in":60})",
          R"({"access_token":"a b","token_type":"Bearer","expires_in":60})"}) {
        testing::FakeHttp odd;
        odd.answer(token_url, 200, body,
                   {{"Metadata-Flavor", "Google"}, {"Content-Type", "application/json"}});
        const Outside world{
            .http = odd, .clock = clock, .material = material, .signer = signer, .printed = {}};
        const auto got = metadata_token(server, wanted, world, {});
        ASSERT_FALSE(got) << body;
        EXPECT_EQ(got.error().kind, Kind::refused) << body;
    }
    wanted.id_token_audience = "https://run.example";
    answer(id_url, 200, "no token", "text/html");
    EXPECT_THAT(get().error().error.what, HasSubstr("no ID token"));
}

TEST_F(MetadataToken, is_missing_where_the_instance_has_no_service_account) {
    answer(token_url, 404, "<html>not found</html>", "text/html");
    const auto got = get();
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().kind, Kind::refused);
    EXPECT_THAT(got.error().error.what, HasSubstr("no service account"));
}

TEST_F(MetadataToken, that_is_refused_comes_with_the_servers_words) {
    answer(token_url, 403, "Unable to generate access token\n", "text/plain; charset=utf-8");
    EXPECT_EQ(get().error().kind, Kind::refused);
    EXPECT_THAT(get().error().error.what,
                HasSubstr("answered 403 (Unable to generate access token)"));
}

TEST_F(MetadataToken, of_a_busy_or_silent_server_is_asked_for_again) {
    answer(token_url, 503, "", "text/html", {{"Metadata-Flavor", "Google"}, {"Retry-After", "2"}});
    EXPECT_EQ(get().error().kind, Kind::passing);
    EXPECT_EQ(get().error().retry_after, 2s);
    server.host = "127.0.0.1:1";
    const auto silent = get();
    ASSERT_FALSE(silent);
    EXPECT_EQ(silent.error().kind, Kind::passing);
    EXPECT_EQ(silent.error().error.remedy, Remedy::unreachable);
    EXPECT_THAT(silent.error().error.hint, HasSubstr("credentials_file"));
}

TEST_F(MetadataToken, is_asked_for_on_this_machine_alone) {
    for (const auto* const host : {"metadata.example", "10.0.0.1:80", "a b", ""}) {
        server.host = host;
        const auto got = get();
        ASSERT_FALSE(got) << host;
        EXPECT_EQ(got.error().kind, Kind::not_asked) << host;
    }
    EXPECT_TRUE(http.seen().empty());
    for (const auto* const host : {"127.0.0.1:4000", "169.254.169.254", "localhost:80"}) {
        server.host = host;
        EXPECT_FALSE(get());
        EXPECT_THAT(http.seen().back().url, HasSubstr(std::string("http://") + host + "/compute"));
    }
}

TEST_F(MetadataToken, is_signed_by_no_key_of_a_service_account) {
    wanted.jwt_audience = "https://pubsub.googleapis.com/";
    EXPECT_EQ(get().error().error.remedy, Remedy::usage);
}

TEST_F(MetadataToken, has_its_project_and_its_account_beside_it) {
    answer("http://metadata.google.internal/computeMetadata/v1/project/project-id", 200,
           "my-project\n", "application/text");
    EXPECT_EQ(metadata_text(server, "project/project-id", outside(), {}).value(), "my-project");
    answer("http://metadata.google.internal/computeMetadata/v1/universe/universe-domain", 404, "");
    EXPECT_EQ(metadata_text(server, "universe/universe-domain", outside(), {}).error().remedy,
              Remedy::failed);
    EXPECT_EQ(metadata_text(server, "instance/id", outside(), {}).error().remedy,
              Remedy::unreachable);
}

}  // namespace
}  // namespace hearth::providers::google
