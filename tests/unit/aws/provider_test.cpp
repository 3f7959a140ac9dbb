#include "providers/aws/aws.hpp"

#include <gtest/gtest.h>

#include <map>

#include "unit/providers/provider_fixture.hpp"

namespace hearth::providers {
namespace {

using namespace std::chrono_literals;

constexpr const char* sts = "http://127.0.0.1:1/";
constexpr const char* config = "/home/robin/.aws/config";
constexpr const char* user_keys =
    "[profile user]\nregion = eu-central-1\naws_access_key_id = AKIA1\n"
    "aws_secret_access_key = s3cret\n";

class KnownMaterial : public aws::Material {
  public:
    Result<Secret> file(const std::string& path, std::size_t /*limit*/) override {
        const auto found = files.find(path);
        if (found != files.end()) return Secret(found->second);
        return std::unexpected(Error{Remedy::failed, path + " is not there", ""});
    }
    Result<aws::Variables> variables() override {
        aws::Variables of_a_desk;
        of_a_desk.metadata.disabled = true;
        return of_a_desk;
    }
    std::string home() override { return "/home/robin"; }
    std::string stamp(const std::string& /*path*/) override { return "unchanged"; }
    Result<std::optional<Secret>> shared_file(const std::string& path,
                                              std::size_t /*limit*/) override {
        const auto found = files.find(path);
        if (found == files.end()) return std::nullopt;
        return Secret(found->second);
    }
    std::map<std::string, std::string> files;
};

std::string assumed(const std::string& expiration) {
    return "<AssumeRoleResponse><AssumeRoleResult><AssumedRoleUser>"
           "<Arn>arn:aws:sts::111122223333:assumed-role/reader/me</Arn></AssumedRoleUser>"
           "<Credentials><AccessKeyId>ASIA1</AccessKeyId><SecretAccessKey>s</SecretAccessKey>"
           "<SessionToken>t</SessionToken><Expiration>" +
           expiration + "</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>";
}

class AwsProvider : public ProviderTest {
  protected:
    AwsProvider() {
        profile.provider = "aws";
        material.files[config] = user_keys;
    }
    void given_role() {
        profile.aws->role_arn = "arn:aws:iam::111122223333:role/reader";
        profile.aws->source_profile = "user";
        profile.aws->endpoint_url = sts;
    }
    Session renewed() {
        auto renewal = provider.renew(profile, {}, {});
        return std::move(std::get<Renewed>(renewal.outcome).session);
    }
    NotRenewed not_renewed() {
        auto renewal = provider.renew(profile, {}, {});
        return std::move(std::get<NotRenewed>(renewal.outcome));
    }

    KnownMaterial material;
    Profile profile = profile_of("aws");
    Aws provider{ports, material};
};

TEST_F(AwsProvider, hands_out_lasting_keys_for_an_hour_at_a_time) {
    profile.aws->profile = "user";
    const auto session = renewed();
    EXPECT_EQ(session.kind, Credential::Kind::aws);
    EXPECT_TRUE(session.unattended);
    ASSERT_TRUE(session.lifespan);
    EXPECT_EQ(session.lifespan->lifetime, 1h);
    EXPECT_EQ(session.facts.at("way"), "config-file");
    EXPECT_TRUE(session.facts.at("place").starts_with(config));
    const auto credential = provider.credential(profile, session);
    ASSERT_NE(credential->aws_keys(), nullptr);
    EXPECT_EQ(credential->aws_keys()->access_key_id, "AKIA1");
    EXPECT_EQ(credential->aws_keys()->secret_access_key.reveal(), "s3cret");
    EXPECT_EQ(*credential->expires_at(),
              std::chrono::floor<std::chrono::seconds>(session.lifespan->expires_at()));
    EXPECT_NE(credential->token().reveal().find("Expiration"), std::string_view::npos);
}

TEST_F(AwsProvider, signs_for_the_region_of_the_profile_that_the_keys_came_from) {
    profile.aws->profile = "user";
    profile.aws->service = "bedrock";
    const auto credential = provider.credential(profile, renewed());
    Request request{.url = "http://127.0.0.1:1/"};
    ASSERT_TRUE(credential->authorize(request));
    EXPECT_NE(request.headers.back().value.find("/eu-central-1/bedrock/"), std::string::npos);
}

TEST_F(AwsProvider, assumes_the_role_that_the_profile_says_itself) {
    given_role();
    http.answer(sts, 200, assumed("2027-01-15T09:00:00Z"));
    const auto session = renewed();
    EXPECT_EQ(session.account.subject, "arn:aws:sts::111122223333:assumed-role/reader/me");
    EXPECT_EQ(session.account.organization_id, "111122223333");
    EXPECT_EQ(session.lifespan->lifetime, 1h);
    EXPECT_EQ(session.facts.at("place"), "profiles.work");
    EXPECT_EQ(sent(http.seen().back(), "RoleSessionName"), "hearth-work");
}

// The keys end by the service's clock; the lifespan is counted on this machine's.
TEST_F(AwsProvider, counts_a_life_by_the_clock_of_the_service) {
    given_role();
    http.answer(sts, 200, assumed("2027-01-15T08:15:00Z"),
                {{"Date", "Fri, 15 Jan 2027 07:15:00 GMT"}});
    const auto session = renewed();
    // A Date says no more than the second.
    EXPECT_GE(session.lifespan->lifetime, 1h - 1s);
    EXPECT_LE(session.lifespan->lifetime, 1h);
    EXPECT_EQ(session.lifespan->expires_at(), clock.now().wall + session.lifespan->lifetime);
}

TEST_F(AwsProvider, tells_what_is_wrong_here_at_once_and_looks_again_soon) {
    profile.aws->profile = "nobody";
    const auto failed = not_renewed();
    EXPECT_TRUE(failed.ours);
    EXPECT_EQ(failed.look_again, 2s);
    EXPECT_EQ(failed.error.remedy, Remedy::usage);
    EXPECT_NE(failed.error.what.find("nobody"), std::string::npos);
    EXPECT_TRUE(http.seen().empty());
}

TEST_F(AwsProvider, leaves_a_service_alone_for_a_while_that_has_refused) {
    given_role();
    http.answer(sts, 403,
                "<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>");
    const auto refused = not_renewed();
    EXPECT_FALSE(refused.ours);
    EXPECT_FALSE(refused.worth_retrying);
    EXPECT_EQ(refused.look_again, 1min);
}

TEST_F(AwsProvider, goes_on_trying_where_a_service_does_not_answer) {
    given_role();
    http.fail(sts, HttpFailure::Stage::no_answer);
    const auto failed = not_renewed();
    EXPECT_TRUE(failed.worth_retrying);
    EXPECT_FALSE(failed.look_again);
    EXPECT_EQ(failed.error.remedy, Remedy::unreachable);
}

TEST_F(AwsProvider, takes_a_role_of_identity_center_with_the_sign_in_that_it_rests_on) {
    profile.aws->sso_profile = "corp";
    profile.aws->sso_account_id = "111122223333";
    profile.aws->sso_role_name = "Reader";
    ASSERT_TRUE(provider.check(profile));
    EXPECT_EQ(provider.rests_on(profile)->text(), "corp");
    Profile corp = profile_of("aws");
    corp.aws->sso_start_url = "https://corp.awsapps.com/start";
    corp.aws->sso_region = "eu-west-1";
    corp.aws->sso_portal_endpoint = "http://127.0.0.1:2";
    const std::string portal =
        "http://127.0.0.1:2/federation/credentials?role_name=Reader&account_id=111122223333";
    http.answer(portal, 200,
                R"({"roleCredentials":{"accessKeyId":"ASIA2","secretAccessKey":"s",
                    "sessionToken":"t","expiration":1800003600000}})");
    const Base base{std::make_shared<const Profile>(std::move(corp)),
                    std::make_shared<const Credential>(
                        Credential::Parts{.token = Secret("access"), .profile = "corp"})};
    auto renewal = provider.renew_with(base, profile, {}, {});
    ASSERT_TRUE(std::holds_alternative<Renewed>(renewal.outcome));
    const auto& session = std::get<Renewed>(renewal.outcome).session;
    EXPECT_EQ(session.lifespan->lifetime, 1h);
    EXPECT_EQ(header(http.seen(portal).back(), "x-amz-sso_bearer_token"), "access");
}

TEST_F(AwsProvider, needs_a_person_where_nobody_is_signed_in_to_identity_center) {
    material.files[config] +=
        "[profile sso]\nsso_session = corp\nsso_account_id = 111122223333\nsso_role_name = R\n"
        "[sso-session corp]\nsso_start_url = https://corp.awsapps.com/start\n"
        "sso_region = eu-west-1\n";
    profile.aws->profile = "sso";
    const auto failed = not_renewed();
    EXPECT_EQ(failed.error.remedy, Remedy::sign_in);
    EXPECT_TRUE(failed.ours);
}

TEST_F(AwsProvider, refuses_settings_that_contradict_each_other) {
    const auto refused = [&](auto change) {
        auto other = profile_of("aws");
        change(*other.aws);
        const auto checked = provider.check(other);
        return !checked && checked.error().remedy == Remedy::usage;
    };
    EXPECT_TRUE(refused([](AwsSettings& settings) {
        settings.profile = "user";
        settings.role_arn = "arn:aws:iam::111122223333:role/reader";
    }));
    EXPECT_TRUE(refused([](AwsSettings& settings) { settings.region = "evil.example/"; }));
    EXPECT_TRUE(refused([](AwsSettings& settings) { settings.sso_profile = "corp"; }));
    EXPECT_TRUE(refused(
        [](AwsSettings& settings) { settings.sso_start_url = "https://corp.awsapps.com/start"; }));
    EXPECT_FALSE(refused([](AwsSettings&) {}));
}

TEST_F(AwsProvider, keeps_keys_that_it_is_given_and_knows_no_newer_ones) {
    const auto session =
        provider.adopt(profile, Secret(R"({"AccessKeyId":"AKIA2","SecretAccessKey":"s"})"));
    ASSERT_TRUE(session);
    EXPECT_FALSE(session->lifespan);
    EXPECT_FALSE(session->renewable());
    EXPECT_EQ(provider.credential(profile, *session)->aws_keys()->access_key_id, "AKIA2");
    const auto old = provider.adopt(profile, Secret(R"({"AccessKeyId":"A","SecretAccessKey":"s",
                            "Expiration":"2026-01-01T00:00:00Z"})"));
    EXPECT_EQ(old.error().remedy, Remedy::usage);
}

TEST_F(AwsProvider, keeps_an_api_key_of_bedrock_for_as_long_as_that_says) {
    profile.aws->profile = "user";
    const auto made = provider.credential(profile, renewed())->bearer();
    ASSERT_TRUE(made);
    const auto session = provider.adopt(profile, made->clone());
    ASSERT_TRUE(session) << session.error().what;
    EXPECT_EQ(session->kind, Credential::Kind::bearer);
    EXPECT_EQ(session->lifespan->lifetime, 12h);
    EXPECT_EQ(provider.credential(profile, *session)->bearer()->reveal(), made->reveal());
    EXPECT_FALSE(provider.adopt(profile, Secret("ABSKlasting"))->lifespan);
    EXPECT_FALSE(provider.adopt(profile, Secret("ABSK two")));
    clock.advance(12h);
    EXPECT_EQ(provider.adopt(profile, made->clone()).error().remedy, Remedy::usage);
}

TEST_F(AwsProvider, asks_the_token_service_who_somebody_is) {
    given_role();
    http.answer(sts, 200, assumed("2027-01-15T09:00:00Z"));
    http.answer(sts, 200,
                "<GetCallerIdentityResponse><GetCallerIdentityResult><UserId>AROA1</UserId>"
                "<Account>111122223333</Account><Arn>arn:aws:sts::111122223333:x</Arn>"
                "</GetCallerIdentityResult></GetCallerIdentityResponse>");
    const auto session = renewed();
    const auto facts = provider.whoami(profile, session, {});
    ASSERT_TRUE(facts) << facts.error().what;
    EXPECT_EQ(facts->at(0).value, "arn:aws:sts::111122223333:x");
    EXPECT_EQ(facts->at(1).value, "111122223333");
}

}  // namespace
}  // namespace hearth::providers
