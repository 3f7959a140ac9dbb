#include "providers/google/subject_token.hpp"

#include <gmock/gmock.h>

#include "unit/google/federation_fixture.hpp"

namespace hearth::providers::google {
namespace {

using namespace std::chrono_literals;
using Kind = TokenFailure::Kind;
using ::testing::HasSubstr;
using ::testing::Not;

class SubjectToken : public FederationTest {
  protected:
    SubjectResult of_file(const SubjectFormat& format = {}) {
        return subject_of_file({.file = "/run/token", .format = format}, place, outside());
    }
    SubjectResult of_url(const UrlSource& source) {
        return subject_of_url(source, place, outside(), {});
    }
};

constexpr const char* address = "https://issuer.example/token?audience=pool";

TEST_F(SubjectToken, of_a_file_is_its_text_without_the_blanks_around_it) {
    material.files["/run/token"] = "  the-token\r\n";
    EXPECT_EQ(of_file().value().reveal(), "the-token");
}

TEST_F(SubjectToken, of_a_file_is_read_anew_each_time) {
    EXPECT_EQ(of_file().value().reveal(), "subject-token-1");
    material.files["/run/token"] = "subject-token-2";
    EXPECT_EQ(of_file().value().reveal(), "subject-token-2");
}

TEST_F(SubjectToken, of_json_is_the_member_that_the_file_names) {
    material.files["/run/token"] = R"({"other":"o","access_token":"the-token"})";
    EXPECT_EQ(of_file({.field = "access_token"}).value().reveal(), "the-token");
}

TEST_F(SubjectToken, that_is_not_there_is_told_with_file_and_member_and_without_content) {
    struct Case {
        const char* content;
        const char* what;
    };
    for (const auto& one :
         {Case{"planted-text", "/run/token holds no JSON object"},
          Case{R"({"other":"planted"})", "/run/token has no member 'id_token'"},
          Case{R"({"id_token":["planted"]})", "/run/token has no text in its member 'id_token'"},
          Case{" \n", "/run/token is empty"}}) {
        material.files["/run/token"] = one.content;
        const auto got = of_file({.field = "id_token"});
        ASSERT_FALSE(got) << one.content;
        EXPECT_EQ(got.error().kind, Kind::not_asked);
        EXPECT_THAT(got.error().error.what, HasSubstr(one.what));
        EXPECT_THAT(got.error().error.what + got.error().error.hint, Not(HasSubstr("planted")));
    }
    material.files.clear();
    EXPECT_EQ(of_file().error().error.what,
              "/run/token is not there, which credential_source of /etc/pool.json names");
}

TEST_F(SubjectToken, of_a_url_is_asked_for_with_the_headers_of_the_file) {
    http.answer(address, 200, R"({"value":"the-token"})");
    UrlSource source{.url = address, .headers = {}, .format = {.field = "value"}};
    source.headers.emplace_back("Authorization", Secret("bearer job"));
    const auto got = of_url(source);
    ASSERT_TRUE(got) << got.error().error.what;
    EXPECT_EQ(got->reveal(), "the-token");
    EXPECT_EQ(http.seen().back().method, "GET");
    EXPECT_EQ(header("Authorization", address), "bearer job");
}

TEST_F(SubjectToken, of_a_url_may_come_from_the_machines_own_service_by_plain_http) {
    for (const auto* const url :
         {"http://169.254.169.254/metadata/identity/oauth2/token", "http://127.0.0.1:4000/token"}) {
        http.answer(url, 200, "the-token");
        EXPECT_EQ(of_url({.url = url, .headers = {}, .format = {}}).value().reveal(), "the-token");
    }
}

TEST_F(SubjectToken, is_asked_for_at_no_other_address_by_plain_http) {
    const auto got = of_url({.url = "http://issuer.example/token", .headers = {}, .format = {}});
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().kind, Kind::not_asked);
    EXPECT_EQ(got.error().error.what,
              "url of the credential_source in /etc/pool.json is plain http on issuer.example");
    EXPECT_TRUE(http.seen().empty());
}

TEST_F(SubjectToken, that_a_server_does_not_give_is_told_with_its_words_and_no_secret) {
    http.answer(address, 400,
                R"({"error":"invalid_request","error_description":"Identity not found"})");
    UrlSource source{.url = address, .headers = {}, .format = {}};
    source.headers.emplace_back("Authorization", Secret("planted-header-value"));
    const auto got = of_url(source);
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().kind, Kind::refused);
    EXPECT_THAT(
        got.error().error.what,
        HasSubstr("https://issuer.example/token answered 400 (invalid_request: Identity not "
                  "found)"));
    EXPECT_THAT(got.error().error.what, Not(HasSubstr("audience=pool")));

    http.answer(address, 401,
                R"({"error":"denied","error_description":"not with planted-header-value"})");
    EXPECT_FALSE(of_url(source));
    EXPECT_THAT(of_url(source).error().error.what, Not(HasSubstr("planted")));
}

TEST_F(SubjectToken, of_a_busy_or_silent_server_is_asked_for_again) {
    const UrlSource source{.url = address, .headers = {}, .format = {}};
    http.answer(address, 503, "", {{"Retry-After", "3"}});
    EXPECT_EQ(of_url(source).error().kind, Kind::passing);
    EXPECT_EQ(of_url(source).error().retry_after, 3s);
    http.fail("https://silent.example/", HttpFailure::Stage::no_answer);
    EXPECT_EQ(of_url({.url = "https://silent.example/", .headers = {}, .format = {}}).error().kind,
              Kind::passing);
}

TEST_F(SubjectToken, of_a_url_whose_answer_is_another_one_is_told_without_content) {
    http.answer(address, 200, "planted-page");
    const auto got = of_url({.url = address, .headers = {}, .format = {.field = "value"}});
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().kind, Kind::refused);
    EXPECT_THAT(got.error().error.what, HasSubstr("https://issuer.example/token holds no JSON"));
    EXPECT_THAT(got.error().error.what, Not(HasSubstr("planted")));
}

}  // namespace
}  // namespace hearth::providers::google
