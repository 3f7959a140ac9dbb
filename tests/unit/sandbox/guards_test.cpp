#include <boost/json/array.hpp>

#include "unit/sandbox/cloud_visit.hpp"

namespace hearth::sandbox::testing {

class Guards : public CloudVisit {
  protected:
    int status_from(const std::string& host, const std::string& method = "GET",
                    const std::string& origin = "") {
        Request request{.method = method,
                        .path = "/_sandbox/faults",
                        .query = {},
                        .headers = {{"Host", host}},
                        .body = {}};
        if (!origin.empty()) request.headers.push_back({"Origin", origin});
        return cloud->handle(request, now).response.status;
    }
};

TEST_F(Guards, answer_by_loopback_names_only) {
    for (const char* host : {"127.0.0.1:7000", "localhost:7000", "[::1]:7000", "LOCALHOST"})
        EXPECT_EQ(status_from(host), 200) << host;
    for (const char* host : {"", "sandbox.example", "127.0.0.1.sandbox.example", "192.168.0.1",
                             "localhost:", "[::1]x"})
        EXPECT_EQ(status_from(host), 421) << host;
}

TEST_F(Guards, turn_away_what_scripts_of_other_origins_send) {
    EXPECT_EQ(status_from("localhost", "POST", "https://sandbox.example"), 403);
    EXPECT_EQ(status_from("localhost", "POST", "null"), 403);
    EXPECT_EQ(status_from("localhost", "POST", "http://127.0.0.1:7000"), 200);
}

TEST_F(Guards, name_the_methods_that_an_endpoint_takes) {
    const auto response = get("/token");
    EXPECT_EQ(response.status, 405);
    EXPECT_EQ(response.header("Allow"), "POST");
    EXPECT_EQ(get("/nothing").status, 404);
}

TEST_F(Guards, pages_run_no_script_and_stand_in_no_frame) {
    const auto page = get("/device");
    EXPECT_TRUE(page.header("Content-Security-Policy").starts_with("default-src 'none'"));
    EXPECT_EQ(page.header("X-Frame-Options"), "DENY");
}

TEST_F(Guards, metadata_promises_what_the_server_does) {
    const auto document = json(get("/.well-known/openid-configuration"));
    EXPECT_EQ(document, json(get("/.well-known/oauth-authorization-server")));
    EXPECT_EQ(text(document, "issuer"), "http://127.0.0.1:7000");
    EXPECT_EQ(document.at("code_challenge_methods_supported"), (boost::json::array{"S256"}));
    EXPECT_TRUE(document.at("authorization_response_iss_parameter_supported").as_bool());
}

}  // namespace hearth::sandbox::testing
