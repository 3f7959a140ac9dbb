#include <boost/json/array.hpp>

#include "unit/sandbox/cloud_visit.hpp"

namespace hearth::sandbox::testing {

using boost::json::object;

class FederationFace : public CloudVisit {
  protected:
    void SetUp() override {
        CloudVisit::SetUp();
        rule = json(get("/_sandbox/federation"));
    }

    std::string identity(const object& claims = {}, const std::string& algorithm = "ES256") {
        return text(
            json(post_json("/_sandbox/identity", {{"claims", claims}, {"algorithm", algorithm}})),
            "token");
    }
    object request(const std::string& assertion) {
        return {{"grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"},
                {"assertion", assertion},
                {"federation_rule_id", rule.at("id")},
                {"organization_id", rule.at("organization")},
                {"service_account_id", rule.at("service_account")}};
    }
    Response exchange(const object& body) { return post_json("/v1/oauth/token", body); }
    Response exchange(const std::string& assertion) { return exchange(request(assertion)); }
    // What the history says of the last exchange.
    std::string why() {
        const auto records = json(get("/_sandbox/records"));
        return text(records.at("token_requests").as_array().back().as_object(), "detail");
    }
    std::string denied(const Response& response) {
        EXPECT_EQ(response.status, 401);
        const auto error = json(response).at("error").as_object();
        EXPECT_EQ(text(error, "type"), "authentication_error");
        EXPECT_EQ(text(error, "message"), "Authentication failed");
        return why();
    }

    object rule;
};

TEST_F(FederationFace, exchanges_an_identity_token_of_either_algorithm) {
    for (const auto* const algorithm : {"ES256", "RS256"}) {
        const auto reply = json(exchange(identity({}, algorithm)));
        EXPECT_TRUE(text(reply, "access_token").starts_with("sk-ant-oat01-"));
        EXPECT_FALSE(reply.contains("refresh_token"));
        EXPECT_EQ(text(reply, "scope"), "workspace:developer");
    }
}

TEST_F(FederationFace, token_lives_no_longer_than_twice_what_is_left_of_the_identity) {
    const auto unix_now = to_unix(now);
    EXPECT_EQ(json(exchange(identity({{"exp", unix_now + 100}}))).at("expires_in"), 200);
    EXPECT_EQ(json(exchange(identity({{"exp", unix_now + 10}}))).at("expires_in"), 60);
    EXPECT_EQ(json(exchange(identity({{"exp", unix_now + 3600}}))).at("expires_in"), 3600);
}

TEST_F(FederationFace, token_is_good_for_the_api_and_not_for_a_persons_profile) {
    const auto reply = json(exchange(identity()));
    const Lines lines{{"Authorization", "Bearer " + text(reply, "access_token")},
                      {"anthropic-beta", "oauth-2025-04-20"},
                      {"anthropic-version", "2023-06-01"}};
    EXPECT_EQ(get("/v1/models", {}, lines).status, 200);
    EXPECT_EQ(get("/api/oauth/profile", {}, lines).status, 403);
}

TEST_F(FederationFace, every_denial_is_the_same_and_its_reason_is_in_the_history) {
    const auto unix_now = to_unix(now);
    const std::vector<std::pair<object, std::string>> cases{
        {{{"sub", "system:serviceaccount:other:runner"}}, "the subject does not match"},
        {{{"aud", "https://elsewhere.example"}}, "the audience does not match"},
        {{{"iss", "https://elsewhere.example"}}, "the issuer is unknown"},
        {{{"exp", unix_now - 31}}, "it has expired"},
        {{{"iat", unix_now + 31}}, "it is not valid yet"},
        {{{"nbf", unix_now + 31}}, "it is not valid yet"},
        {{{"exp", unix_now + 3601}}, "it lives longer than an hour"},
        {{{"sub", nullptr}}, "sub, iat or exp is missing"},
    };
    for (const auto& [claims, reason] : cases)
        EXPECT_EQ(denied(exchange(identity(claims))), reason);
}

TEST_F(FederationFace, signature_is_verified) {
    auto forged = identity();
    const auto at = forged.rfind('.') + 1;
    forged[at] = forged[at] == 'A' ? 'B' : 'A';
    EXPECT_EQ(denied(exchange(forged)), "the signature is wrong");
    auto changed = identity();
    changed.replace(changed.find('.') + 1, 4, "eyJ4");
    EXPECT_NE(exchange(changed).status, 200);
    EXPECT_EQ(denied(exchange("a.b.c")), "the assertion is no JSON Web Token");
}

TEST_F(FederationFace, rule_service_account_organization_and_workspace_have_to_fit) {
    const std::vector<std::pair<std::string, std::string>> others{
        {"federation_rule_id", "fdrl_other"},
        {"service_account_id", "svac_other"},
        {"organization_id", "11111111-2222-3333-4444-555555555555"},
        {"workspace_id", "wrkspc_other"},
    };
    for (const auto& [name, value] : others) {
        auto body = request(identity());
        body[name] = value;
        EXPECT_EQ(exchange(body).status, 401) << name;
    }
    auto body = request(identity());
    body["workspace_id"] = "default";
    EXPECT_EQ(exchange(body).status, 200);
}

TEST_F(FederationFace, malformed_fields_are_named) {
    const std::vector<std::pair<std::string, std::string>> wrong{
        {"assertion", ""},
        {"assertion", std::string(16385, 'a')},
        {"federation_rule_id", "rule"},
        {"service_account_id", ""},
        {"organization_id", "mine"},
    };
    for (const auto& [name, value] : wrong) {
        auto body = request(identity());
        body[name] = value;
        const auto response = exchange(body);
        EXPECT_EQ(response.status, 400);
        const auto error = json(response).at("error").as_object();
        EXPECT_EQ(text(error, "type"), "invalid_request_error");
        EXPECT_TRUE(text(error, "message").starts_with(name));
    }
}

TEST_F(FederationFace, platforms_want_to_be_asked_in_their_own_way) {
    const std::string metadata = "/computeMetadata/v1/instance/service-accounts/default/identity";
    const Pairs audience{{"audience", "https://api.anthropic.com"}};
    EXPECT_EQ(get(metadata, audience).status, 403);
    const auto google = get(metadata, audience, {{"Metadata-Flavor", "Google"}});
    EXPECT_EQ(google.header("Metadata-Flavor"), "Google");
    EXPECT_EQ(exchange(google.body).status, 200);
    EXPECT_EQ(get("/_sandbox/github", audience).status, 401);
    const auto github = json(get("/_sandbox/github", audience,
                                 {{"Authorization", "Bearer sandbox_github_request_token"}}));
    EXPECT_EQ(exchange(text(github, "value")).status, 200);
}

}  // namespace hearth::sandbox::testing
