#include "sandbox/aws_signature.hpp"

#include <gtest/gtest.h>

#include "sandbox/aws_canonical.hpp"
#include "sandbox/encoding.hpp"

namespace hearth::sandbox {
namespace {

using Kind = SignatureFault::Kind;

// The values that AWS publishes with its signing test suite, which are made up.
constexpr std::string_view secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
constexpr Instant then{seconds(1'440'938'160)};  // 2015-08-30T12:36:00Z.

// The suite's case get-vanilla.
Request vanilla() {
    Request request;
    request.headers = {
        {"Host", "example.amazonaws.com"},
        {"X-Amz-Date", "20150830T123600Z"},
        {"Authorization",
         "AWS4-HMAC-SHA256 "
         "Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
         "SignedHeaders=host;x-amz-date, "
         "Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"}};
    return request;
}

// The same case in its query form.
Request vanilla_query() {
    Request request;
    request.query =
        "X-Amz-Algorithm=AWS4-HMAC-SHA256"
        "&X-Amz-Credential=AKIDEXAMPLE%2F20150830%2Fus-east-1%2Fservice%2Faws4_request"
        "&X-Amz-Date=20150830T123600Z&X-Amz-Expires=3600&X-Amz-SignedHeaders=host"
        "&X-Amz-Signature=e93c787ed7f371d5c6b165c1b38ede9550f4dce4144713e844b25b7192d3865d";
    request.headers = {{"Host", "example.amazonaws.com"}};
    return request;
}

// What is said about a request at an instant: nothing, when it is in order.
std::optional<Kind> judged(const Request& request, Instant now = then) {
    const auto claim = read_signature(request);
    if (!claim) return claim.error().kind;
    const auto checked = check_signature(request, *claim, secret, now);
    if (!checked) return checked.error().kind;
    return std::nullopt;
}

Request with(Request request, std::string_view name, const std::string& value) {
    for (auto& header : request.headers)
        if (same_name(header.name, name)) header.value = value;
    return request;
}

std::string path_line(std::string path) {
    Request request;
    request.path = std::move(path);
    const auto canonical = canonical_request(request, {});
    const auto start = canonical.find('\n') + 1;
    return canonical.substr(start, canonical.find('\n', start) - start);
}

std::string query_line(std::string query) {
    Request request;
    request.query = std::move(query);
    const auto canonical = canonical_request(request, {});
    return canonical.substr(6, canonical.find('\n', 6) - 6);  // After "GET\n/\n".
}

TEST(AwsSignature, of_the_suites_plain_request_is_right) {
    EXPECT_EQ(judged(vanilla()), std::nullopt);
    EXPECT_EQ(to_hex(sha256(canonical_request(vanilla(), {"host", "x-amz-date"}))),
              "bb579772317eb040ac9ed261061d46c1f17a8133879d6129b6e1c25292927e63");
}

TEST(AwsSignature, of_the_suites_presigned_request_is_right) {
    EXPECT_EQ(judged(vanilla_query()), std::nullopt);
}

TEST(AwsSignature, is_for_one_method_path_query_body_and_header_alone) {
    auto changed = vanilla();
    changed.method = "POST";
    EXPECT_EQ(judged(changed), Kind::mismatch);
    changed = vanilla();
    changed.path = "/other";
    EXPECT_EQ(judged(changed), Kind::mismatch);
    changed = vanilla();
    changed.query = "a";
    EXPECT_EQ(judged(changed), Kind::mismatch);
    changed = vanilla();
    changed.body = "a";
    EXPECT_EQ(judged(changed), Kind::mismatch);
    EXPECT_EQ(judged(with(vanilla(), "Host", "another.amazonaws.com")), Kind::mismatch);
    EXPECT_EQ(judged(with(vanilla(), "X-Amz-Date", "20150830T123601Z")), Kind::mismatch);
}

TEST(AwsSignature, holds_for_five_minutes_before_and_after) {
    EXPECT_EQ(judged(vanilla(), then + seconds(299)), std::nullopt);
    EXPECT_EQ(judged(vanilla(), then + seconds(300)), Kind::expired);
    EXPECT_EQ(judged(vanilla(), then - seconds(300)), std::nullopt);
    EXPECT_EQ(judged(vanilla(), then - seconds(301)), Kind::too_early);
}

TEST(AwsSignature, of_a_presigned_request_holds_as_long_as_it_says) {
    EXPECT_EQ(judged(vanilla_query(), then + seconds(3599)), std::nullopt);
    EXPECT_EQ(judged(vanilla_query(), then + seconds(3600)), Kind::expired);
}

TEST(AwsSignature, covers_every_header_of_amazon) {
    auto request = vanilla();
    request.headers.push_back({"X-Amz-Target", "elsewhere"});
    EXPECT_EQ(judged(request), Kind::incomplete);
}

TEST(AwsSignature, names_no_header_that_belongs_to_the_connection) {
    auto request = vanilla();
    request.headers.push_back({"Connection", "keep-alive"});
    EXPECT_EQ(judged(request), std::nullopt);
    auto& authorization = request.headers[2].value;
    authorization.replace(authorization.find("host;"), 5, "connection;host;");
    EXPECT_EQ(judged(request), Kind::incomplete);
}

TEST(AwsSignature, beside_another_authorization_is_none) {
    auto request = vanilla();
    request.headers.push_back({"Authorization", "Bearer something"});
    EXPECT_EQ(judged(request), Kind::mismatch);
}

TEST(AwsSignature, that_is_absent_doubled_or_unreadable_is_told_apart) {
    EXPECT_EQ(judged(Request{}), Kind::absent);
    auto twice = vanilla();
    twice.query = vanilla_query().query;
    EXPECT_EQ(judged(twice), Kind::incomplete);
    for (const auto* text :
         {"AWS4-HMAC-SHA256", "AWS4-HMAC-SHA256 ", "Basic YTpi",
          "AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=c",
          "AWS4-HMAC-SHA256 Credential=A/20150830/r/s/aws4_request, SignedHeaders=x;host, "
          "Signature=c",
          "AWS4-HMAC-SHA256 Credential=A/20150831/r/s/aws4_request, SignedHeaders=host, "
          "Signature=c"})
        EXPECT_EQ(judged(with(vanilla(), "Authorization", text)), Kind::incomplete) << text;
    for (const auto* date : {"", "2015-08-30", "20150830T1236Z", "20151330T123600Z"})
        EXPECT_EQ(judged(with(vanilla(), "X-Amz-Date", date)), Kind::incomplete) << date;
    auto eternal = vanilla_query();
    eternal.query.replace(eternal.query.find("=3600"), 5, "=604801");
    EXPECT_EQ(judged(eternal), Kind::incomplete);
}

TEST(AwsCanonicalRequest, has_a_path_without_detours_that_is_encoded_once_more) {
    EXPECT_EQ(path_line("/"), "/");
    EXPECT_EQ(path_line("/a/./b/../c//d/"), "/a/c/d/");
    EXPECT_EQ(path_line("/../.."), "/");
    EXPECT_EQ(path_line("/model/v1:0/invoke"), "/model/v1%3A0/invoke");
    EXPECT_EQ(path_line("/model/v1%3A0/invoke"), "/model/v1%253A0/invoke");
    EXPECT_EQ(path_line("/-._~"), "/-._~");
}

TEST(AwsCanonicalRequest, has_a_query_sorted_by_what_is_encoded) {
    EXPECT_EQ(query_line("b=2&a=1&a=0"), "a=0&a=1&b=2");
    EXPECT_EQ(query_line("empty&Upper=1"), "Upper=1&empty=");
    EXPECT_EQ(query_line("a=x%20y&b=%e1%88%b4"), "a=x%20y&b=%E1%88%B4");
    EXPECT_EQ(query_line("a=x+y&b=100%"), "a=x%2By&b=100%25");
}

TEST(AwsCanonicalRequest, folds_blanks_and_joins_repeated_headers_in_order) {
    Request request;
    request.headers = {{"My-Header", "  b  "}, {"Other", "x"}, {"MY-HEADER", "a \t  c"}};
    EXPECT_NE(canonical_request(request, {"my-header"}).find("my-header:b,a c\n\nmy-header\n"),
              std::string::npos);
}

}  // namespace
}  // namespace hearth::sandbox
