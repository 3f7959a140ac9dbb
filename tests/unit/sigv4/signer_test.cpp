#include <gtest/gtest.h>

#include <thread>

#include "example.hpp"
#include "sigv4/signing.hpp"

namespace hearth::sigv4 {
namespace {

using namespace std::chrono_literals;
using example::moment;

constexpr std::string_view vanilla =
    "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31";

std::string signature_by(const Signer& signer, const Request& request,
                         const Keys& keys = example::keys,
                         const Service& service = example::service,
                         std::chrono::sys_seconds at = moment) {
    const auto done = signer.sign(request, keys, service, at);
    return done ? std::string(done->signature.view()) : done.error().what;
}

std::string signed_names(const Signed& done) {
    constexpr std::string_view mark = "SignedHeaders=";
    const auto from = done.authorization.find(mark) + mark.size();
    return done.authorization.substr(from, done.authorization.find(',', from) - from);
}

TEST(SigningKey, is_that_of_the_published_examples) {
    Service service = example::service;
    EXPECT_EQ(hexadecimal(signing_key(example::keys, service, "20150830")),
              "938127b5336810ddb6a5d6af445fcac9e371f9ed418ed386b022aed82901be75");
    service.name = "iam";
    EXPECT_EQ(hexadecimal(signing_key(example::keys, service, "20150830")),
              "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9");
}

TEST(Signer, signs_the_published_example) {
    const auto done = Signer().sign(example::request, example::keys, example::service, moment);
    ASSERT_TRUE(done);
    EXPECT_EQ(done->authorization,
              "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
              "SignedHeaders=host;x-amz-date, Signature=" +
                  std::string(vanilla));
    EXPECT_EQ(done->date, "20150830T123600Z");
    EXPECT_EQ(done->signature, vanilla);
    EXPECT_TRUE(done->content_sha256.empty());
}

TEST(Signer, signs_alike_with_a_kept_key_and_with_a_new_one) {
    const Signer one_key(1);
    const Keys other{.id = "AKIDOTHER", .secret = "other", .session_token = {}};
    const auto others = signature_by(one_key, example::request, other);
    EXPECT_EQ(signature_by(one_key, example::request), vanilla);
    EXPECT_EQ(signature_by(one_key, example::request), vanilla);
    EXPECT_EQ(signature_by(one_key, example::request, other), others);
    one_key.forget();
    EXPECT_EQ(signature_by(one_key, example::request), vanilla);
    EXPECT_NE(others, vanilla);
}

TEST(Signer, tells_secrets_days_regions_and_services_apart) {
    const Signer signer;
    const Keys other{.id = "AKIDEXAMPLE", .secret = "other", .session_token = {}};
    Service elsewhere = example::service;
    elsewhere.region = "eu-central-1";
    Service another = example::service;
    another.name = "sts";
    for (int round = 0; round < 2; ++round) {
        std::vector<std::string> signatures{
            signature_by(signer, example::request), signature_by(signer, example::request, other),
            signature_by(signer, example::request, example::keys, elsewhere),
            signature_by(signer, example::request, example::keys, another),
            signature_by(signer, example::request, example::keys, example::service, moment + 24h)};
        EXPECT_EQ(signatures.front(), vanilla);
        std::ranges::sort(signatures);
        EXPECT_EQ(std::ranges::adjacent_find(signatures), signatures.end());
    }
}

TEST(Signer, may_be_used_by_several_threads) {
    const Signer signer(2);
    const auto other =
        signature_by(signer, example::request, example::keys, example::service, moment + 48h);
    std::vector<int> wrong(4);
    {
        std::vector<std::jthread> threads;
        threads.reserve(wrong.size());
        for (auto& count : wrong)
            threads.emplace_back([&] {
                for (int i = 0; i < 500; ++i) {
                    const auto day = 24h * (i % 3);
                    const auto signature = signature_by(signer, example::request, example::keys,
                                                        example::service, moment + day);
                    if (i % 3 == 0 && signature != vanilla) ++count;
                    if (i % 3 == 2 && signature != other) ++count;
                    if (i % 50 == 0) signer.forget();
                }
            });
    }
    EXPECT_EQ(wrong, std::vector<int>(4));
}

TEST(Signer, signs_the_session_token_unless_it_is_added_afterwards) {
    Keys keys = example::keys;
    keys.session_token = "token";
    Service service = example::service;
    EXPECT_EQ(signed_names(*Signer().sign(example::request, keys, service, moment)),
              "host;x-amz-date;x-amz-security-token");
    service.session_token = SessionToken::is_added_afterwards;
    EXPECT_EQ(signature_by(Signer(), example::request, keys, service), vanilla);
}

TEST(Signer, puts_its_own_headers_in_the_place_of_those_of_the_request) {
    const std::vector<HeaderView> headers{{"Host", "evil.example"},
                                          {"X-Amz-Date", "20000101T000000Z"},
                                          {"X-Amz-Security-Token", "stale"},
                                          {"Authorization", "Bearer x"}};
    Request request = example::request;
    request.headers = headers;
    Keys keys = example::keys;
    keys.session_token = "token";
    EXPECT_EQ(signature_by(Signer(), request, keys),
              signature_by(Signer(), example::request, keys));
}

TEST(Signer, takes_the_host_from_the_headers_where_it_is_not_named) {
    const std::vector<HeaderView> headers{{"Host", "example.amazonaws.com"}};
    Request request = example::request;
    request.host = {};
    request.headers = headers;
    EXPECT_EQ(signature_by(Signer(), request), vanilla);
}

TEST(Signer, tells_s3_what_stands_for_the_body) {
    const auto service = Service::s3("us-east-1");
    Request request = example::request;
    EXPECT_EQ(Signer().sign(request, example::keys, service, moment)->content_sha256,
              "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    request.payload_hash = unsigned_payload;
    const auto done = Signer().sign(request, example::keys, service, moment);
    EXPECT_EQ(done->content_sha256, unsigned_payload);
    EXPECT_EQ(signed_names(*done), "host;x-amz-content-sha256;x-amz-date");
}

TEST(Signer, signs_a_body_by_its_hash) {
    Request whole = example::request;
    whole.body = "Param1=value1";
    Request hashed = example::request;
    hashed.payload_hash = "9095672bbd1f56dfc5b65f3e153adc8731a4a654192329106275f4c7b24d0b6e";
    EXPECT_EQ(signature_by(Signer(), whole), signature_by(Signer(), hashed));
    EXPECT_TRUE(
        Signer().sign(hashed, example::keys, example::service, moment)->content_sha256.empty());
}

TEST(Signer, refuses_what_cannot_stand_in_a_header_and_quotes_none_of_it) {
    struct Case {
        std::string_view id = "AKIDEXAMPLE";
        std::string_view secret = "planted";
        std::string_view token;
        std::string_view region = "us-east-1";
        std::string_view service = "sts";
    };
    const std::string long_name(65, 'a');
    for (const auto& one :
         {Case{.id = ""}, Case{.id = "planted\r\nx: y"}, Case{.id = "planted,x"},
          Case{.id = "planted/x"}, Case{.secret = ""}, Case{.token = "planted\n"},
          Case{.token = "planted x"}, Case{.region = ""}, Case{.region = "us/planted"},
          Case{.region = long_name}, Case{.service = ""}, Case{.service = "planted x"},
          Case{.service = long_name}}) {
        const auto done = Signer().sign(
            example::request, {.id = one.id, .secret = one.secret, .session_token = one.token},
            {.name = one.service, .region = one.region}, moment);
        ASSERT_FALSE(done);
        EXPECT_EQ(done.error().remedy, Remedy::usage);
        EXPECT_FALSE(done.error().what.contains("planted"));
    }
}

TEST(Signer, refuses_a_year_without_four_digits) {
    const Signer signer;
    const auto done = [&](auto at) {
        return signer.sign(example::request, example::keys, example::service, at).has_value();
    };
    EXPECT_TRUE(done(example::at(9999, 12, 31, 24h - 1s)));
    EXPECT_FALSE(done(example::at(10'000, 1, 1)));
    EXPECT_TRUE(done(example::at(0, 1, 1)));
    EXPECT_FALSE(done(example::at(0, 1, 1) - 1s));
    EXPECT_FALSE(done(std::chrono::sys_seconds::max()));
    EXPECT_FALSE(done(std::chrono::sys_seconds::min()));
}

TEST(Signer, refuses_a_payload_hash_that_is_none) {
    Request request = example::request;
    const std::string hash(65, 'a');
    request.payload_hash = hash;
    EXPECT_EQ(Signer().sign(request, example::keys, example::service, moment).error().remedy,
              Remedy::usage);
}

TEST(KeptKeys, lose_the_one_that_was_not_asked_for_the_longest) {
    Recent<int> recent(2);
    const Digest secret{1};
    recent.keep(secret, "a", 1);
    recent.keep(secret, "b", 2);
    EXPECT_EQ(recent.find(secret, "a"), 1);
    recent.keep(secret, "c", 3);
    EXPECT_EQ(recent.size(), 2U);
    EXPECT_EQ(recent.find(secret, "a"), 1);
    EXPECT_FALSE(recent.find(secret, "b"));
    EXPECT_EQ(recent.find(secret, "c"), 3);
    EXPECT_FALSE(recent.find(Digest{2}, "a"));
    recent.forget();
    EXPECT_EQ(recent.size(), 0U);
}

TEST(HmacKey, is_that_of_rfc_4231) {
    // Test cases 1, 2 and 6, the last with a key that is longer than a block.
    EXPECT_EQ(hexadecimal(HmacKey(std::string(20, '\x0b')).of("Hi There")),
              "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    EXPECT_EQ(hexadecimal(HmacKey("Je", "fe").of("what do ya want for nothing?")),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    EXPECT_EQ(hexadecimal(HmacKey(std::string(131, '\xaa'))
                              .of("Test Using Larger Than Block-Size Key - Hash Key First")),
              "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

}  // namespace
}  // namespace hearth::sigv4
