// The vocabulary of these tests: a visitor to a cloud without sockets, whose clock stands still.
#pragma once

#include <gtest/gtest.h>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <string>
#include <utility>
#include <vector>

#include "sandbox/cloud.hpp"

namespace hearth::sandbox::testing {

// RFC 7636 appendix B.
inline constexpr const char* verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
inline constexpr const char* challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
inline constexpr const char* callback = "http://127.0.0.1:4321/callback";

using Pairs = std::vector<std::pair<std::string, std::string>>;
using Lines = std::vector<HeaderLine>;

// The value with that name replaced, or added; an empty value leaves it out.
Pairs with(Pairs pairs, const std::string& name, const std::string& value);

class CloudVisit : public ::testing::Test {
  protected:
    // Begins anew with other settings; what is not said is as the program's defaults, approving at
    // once.
    void given(Settings settings);
    static Settings defaults();

    Answer visit(Request request);
    Response get(const std::string& path, const Pairs& query = {}, Lines headers = {});
    Response post(const std::string& path, const Pairs& form, Lines headers = {});
    Response post_json(const std::string& path, const boost::json::object& body,
                       Lines headers = {});

    static boost::json::object json(const Response& response);
    static std::string text(const boost::json::object& object, const std::string& name);
    static std::string error_of(const Response& response) { return text(json(response), "error"); }
    // A parameter of the address that the response redirects to.
    static std::string redirected(const Response& response, const std::string& name);
    // The value of a hidden field of a page.
    static std::string field(const Response& page, const std::string& name);

    static Pairs authorization_query(const std::string& scope = "openid offline_access");
    static Pairs exchange_form(const std::string& code);
    // A code as a person's yes brings it, and the tokens for it.
    std::string fresh_code(const std::string& scope = "openid offline_access");
    boost::json::object sign_in(const std::string& scope = "openid offline_access");
    Response refresh(const std::string& token, const Pairs& more = {});
    Response userinfo(const std::string& token);
    boost::json::object family(std::size_t index);
    void pass(milliseconds span) { now += span; }

    Instant now{seconds(1'800'000'000)};
    std::unique_ptr<Cloud> cloud;

    void SetUp() override { given(defaults()); }
};

}  // namespace hearth::sandbox::testing
