#include <gmock/gmock.h>

#include "providers/google/executable_document.hpp"
#include "providers/google/executable_subject.hpp"
#include "unit/google/federation_fixture.hpp"

namespace hearth::providers::google {
namespace {

using namespace std::chrono_literals;
using Kind = TokenFailure::Kind;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;

constexpr std::int64_t soon = 1'800'000'060;
constexpr std::int64_t past = 1'799'999'999;

std::string document(const std::string& token, std::int64_t expires_at) {
    return R"({"version":1,"success":true,"token_type":"urn:ietf:params:oauth:token-type:id_token",)"
           R"("id_token":")" +
           token + R"(","expiration_time":)" + std::to_string(expires_at) + "}";
}

TEST(ExecutableDocument, of_each_type_is_read) {
    const auto id = read_executable_document(document("the-token", soon), "it");
    ASSERT_TRUE(id);
    EXPECT_EQ(id->subject_token.reveal(), "the-token");
    EXPECT_EQ(id->expires_at, Instant(std::chrono::seconds(soon)));
    const auto saml = read_executable_document(
        R"({"version":1,"success":true,"token_type":"urn:ietf:params:oauth:token-type:saml2",)"
        R"("saml_response":"the-response"})",
        "it");
    ASSERT_TRUE(saml);
    EXPECT_EQ(saml->subject_token.reveal(), "the-response");
    EXPECT_FALSE(saml->expires_at);
    const auto jwt = read_executable_document(
        R"({"version":1,"success":true,"token_type":"urn:ietf:params:oauth:token-type:jwt",)"
        R"("id_token":"the-jwt"})",
        "it");
    EXPECT_EQ(jwt.value().subject_token.reveal(), "the-jwt");
}

TEST(ExecutableDocument, of_a_failure_tells_code_and_message) {
    const auto read = read_executable_document(
        R"({"version":1,"success":false,"code":"401","message":"not\nsigned in"})", "it");
    ASSERT_TRUE(read);
    EXPECT_FALSE(read->success());
    EXPECT_EQ(read->reason, "401: not?signed in");
    const auto number =
        read_executable_document(R"({"version":1,"success":false,"code":7,"message":"no"})", "it");
    EXPECT_EQ(number.value().reason, "7: no");
}

TEST(ExecutableDocument, of_a_failure_repeats_no_token) {
    const auto read = read_executable_document(
        R"({"version":1,"success":false,"code":"x","message":"planted-token is bad",)"
        R"("id_token":"planted-token"})",
        "it");
    EXPECT_EQ(read.value().reason, "x");
}

TEST(ExecutableDocument, that_is_none_is_refused_without_quoting_it) {
    struct Case {
        const char* text;
        const char* what;
    };
    for (const auto& one :
         {Case{"planted: warming up\n{}", "it is no JSON object"},
          Case{R"({"success":true,"id_token":"planted"})", "it has no version"},
          Case{R"({"version":2,"success":true,"id_token":"planted"})",
               "it has a version that is not 1"},
          Case{R"({"version":1,"id_token":"planted"})", "it does not say whether it is a success"},
          Case{R"({"version":1,"success":"true","code":"","id_token":"planted"})",
               "it is a failure without code and message"},
          Case{R"({"version":1,"success":true,"id_token":"planted"})", "it has no token_type"},
          Case{R"({"version":1,"success":true,"token_type":"planted","id_token":"planted"})",
               "it has a token_type that is none of id_token, jwt and saml2"},
          Case{R"({"version":1,"success":true,)"
               R"("token_type":"urn:ietf:params:oauth:token-type:saml2","id_token":"planted"})",
               "it has no saml_response"},
          Case{R"({"version":1,"success":true,"token_type":"t","expiration_time":"planted"})",
               "it has an expiration_time that is no Unix time"}}) {
        const auto read = read_executable_document(one.text, "it");
        ASSERT_FALSE(read) << one.text;
        EXPECT_EQ(read.error().what, one.what);
    }
}

class ExecutableSubject : public FederationTest {
  protected:
    ExecutableSubject() {
        source.command = "/opt/get-token --for pool";
        allow_executables = true;
    }
    SubjectResult subject() { return subject_of_executable(source, place, outside()); }
    ExecutableSource source;
};

TEST_F(ExecutableSubject, is_what_the_command_printed) {
    printed = document("printed-token", soon);
    EXPECT_EQ(subject().value().reveal(), "printed-token");
}

TEST_F(ExecutableSubject, is_taken_only_where_somebody_has_allowed_commands) {
    printed = document("printed-token", soon);
    allow_executables = false;
    const auto got = subject();
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().kind, Kind::not_asked);
    EXPECT_EQ(got.error().error.remedy, Remedy::refused);
    EXPECT_THAT(got.error().error.hint, HasSubstr(R"(executables = "allow")"));
    material.variables["GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES"] = "true";
    EXPECT_FALSE(subject());
    material.variables["GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES"] = "1";
    EXPECT_TRUE(subject());
}

TEST_F(ExecutableSubject, of_the_output_file_comes_first_as_long_as_it_is_good) {
    source.output_file = "/run/output";
    printed = document("printed-token", soon);
    material.files["/run/output"] = document("cached-token", soon);
    EXPECT_EQ(subject().value().reveal(), "cached-token");
    for (const auto& stale : {document("cached-token", past), std::string("{"),
                              std::string(R"({"version":1,"success":true,"token_type":)"
                                          R"("urn:ietf:params:oauth:token-type:jwt",)"
                                          R"("id_token":"without-a-time"})"),
                              std::string(R"({"version":1,"success":false,"code":"1"})")}) {
        material.files["/run/output"] = stale;
        EXPECT_EQ(subject().value().reveal(), "printed-token") << stale;
    }
}

TEST_F(ExecutableSubject, that_nobody_has_printed_needs_the_program) {
    const auto got = subject();
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().kind, Kind::needs_program);
    EXPECT_THAT(got.error().error.what, HasSubstr(place));
}

TEST_F(ExecutableSubject, that_has_expired_needs_the_program_again) {
    printed = document("printed-token", soon);
    clock.advance(61s);
    EXPECT_EQ(subject().error().kind, Kind::needs_program);
}

TEST_F(ExecutableSubject, of_a_command_that_failed_is_told_in_its_words) {
    printed = R"({"version":1,"success":false,"code":"401","message":"not signed in"})";
    const auto got = subject();
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().kind, Kind::not_asked);
    EXPECT_EQ(
        got.error().error.what,
        "the command in credential_source of /etc/pool.json has no token: 401: not signed in");
}

TEST_F(ExecutableSubject, of_a_command_that_prints_something_else_is_told_without_quoting_it) {
    printed = "planted debugging line";
    const auto got = subject();
    ASSERT_FALSE(got);
    EXPECT_THAT(got.error().error.what, HasSubstr("printed is no JSON object"));
    EXPECT_THAT(got.error().error.what + got.error().error.hint, Not(HasSubstr("planted")));
}

TEST_F(ExecutableSubject, is_exchanged_as_any_other_one) {
    http.answer(sts, 200, granted("ya29.pool"));
    account.source = source;
    printed = document("printed-token", soon);
    ASSERT_TRUE(token());
    EXPECT_EQ(sent("subject_token"), "printed-token");
}

TEST(SubjectCommand, is_given_what_google_gives_it) {
    ExternalAccount account;
    account.audience = pool;
    account.subject_token_type = "urn:ietf:params:oauth:token-type:id_token";
    account.source =
        ExecutableSource{.command = "/opt/get-token", .timeout = 7s, .output_file = "/run/output"};
    account.impersonation = Impersonation{.url = robot_url, .delegates = {}, .scopes = {}};
    const auto command = subject_command(account).value_or(SubjectCommand{});
    EXPECT_EQ(command.command, "/opt/get-token");
    EXPECT_EQ(command.timeout, 7s);
    EXPECT_THAT(
        command.variables,
        ElementsAre(
            Pair("GOOGLE_EXTERNAL_ACCOUNT_AUDIENCE", pool),
            Pair("GOOGLE_EXTERNAL_ACCOUNT_TOKEN_TYPE", "urn:ietf:params:oauth:token-type:id_token"),
            Pair("GOOGLE_EXTERNAL_ACCOUNT_INTERACTIVE", "0"),
            Pair("GOOGLE_EXTERNAL_ACCOUNT_REVOKE", "0"),
            Pair("GOOGLE_EXTERNAL_ACCOUNT_IMPERSONATED_EMAIL", "robot@p.iam.gserviceaccount.com"),
            Pair("GOOGLE_EXTERNAL_ACCOUNT_OUTPUT_FILE", "/run/output")));
}

TEST(SubjectCommand, is_absent_where_the_source_is_another_one) {
    ExternalAccount account;
    account.source = FileSource{.file = "/run/token", .format = {}};
    EXPECT_FALSE(subject_command(account));
}

}  // namespace
}  // namespace hearth::providers::google
