#include "sigv4/elliptic_key.hpp"

#include <gtest/gtest.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>

#include "example.hpp"

namespace hearth::sigv4 {
namespace {

constexpr std::string_view point =
    "04b6618f6a65740a99e650b33b6b4b5bd0d43b176d721a3edfea7e7d2d56d936b1"
    "865ed22a7eadc9c5cb9d2cbaca1b3699139fedc5043dc6661864218330c8e518";

std::string octets_of(std::string_view hex) {
    std::string octets;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
        octets += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
    return octets;
}

// The public key of the published example, of nothing but its point.
std::shared_ptr<EVP_PKEY> published_key() {
    auto octets = octets_of(point);
    std::string group = "P-256";
    std::array parameters{
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group.data(), 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, octets.data(), octets.size()),
        OSSL_PARAM_construct_end()};
    const std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> context(
        EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr), EVP_PKEY_CTX_free);
    EVP_PKEY* key = nullptr;
    EVP_PKEY_fromdata_init(context.get());
    EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.data());
    return {key, EVP_PKEY_free};
}

bool verified(std::string_view text, std::string_view signature) {
    const auto octets = octets_of(signature);
    const auto key = published_key();
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                          EVP_MD_CTX_free);
    return EVP_DigestVerifyInit_ex(context.get(), nullptr, "SHA256", nullptr, nullptr, key.get(),
                                   nullptr) == 1 &&
           EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(octets.data()),
                            octets.size(), reinterpret_cast<const unsigned char*>(text.data()),
                            text.size()) == 1;
}

TEST(EllipticKey, is_that_of_the_published_example) {
    EXPECT_EQ(hexadecimal(EllipticKey::scalar(example::keys.id, example::keys.secret)),
              "7efc8c0e65a324242818c5a50c891c6060b6a00717b7ba3cbe3c5d765be9259c");
    const auto key = EllipticKey::derive(example::keys.id, example::keys.secret);
    ASSERT_TRUE(key);
    std::array<unsigned char, 65> octets{};
    std::size_t size = 0;
    ASSERT_EQ(EVP_PKEY_get_octet_string_param(key->get(), OSSL_PKEY_PARAM_PUB_KEY, octets.data(),
                                              octets.size(), &size),
              1);
    EXPECT_EQ(std::string(reinterpret_cast<const char*>(octets.data()), size), octets_of(point));
}

TEST(EllipticKey, signs_what_its_public_half_verifies) {
    const auto key = EllipticKey::derive(example::keys.id, example::keys.secret);
    for (int i = 0; i < 20; ++i) {
        const auto signature = key->sign("text");
        ASSERT_TRUE(signature);
        EXPECT_TRUE(verified("text", signature->view()));
        EXPECT_FALSE(verified("texts", signature->view()));
    }
}

TEST(SignatureForRegions, covers_the_list_and_no_region_of_its_own) {
    Service service = example::service;
    service.algorithm = Algorithm::v4a;
    service.region = "us-east-1,us-west-*";
    const Signer signer;
    for (int kept = 0; kept < 2; ++kept) {
        const auto done = signer.sign(example::request, example::keys, service, example::moment);
        ASSERT_TRUE(done);
        EXPECT_TRUE(done->authorization.starts_with(
            "AWS4-ECDSA-P256-SHA256 Credential=AKIDEXAMPLE/20150830/service/aws4_request, "
            "SignedHeaders=host;x-amz-date;x-amz-region-set, Signature="));
        const std::string canonical =
            "GET\n/\n\nhost:example.amazonaws.com\nx-amz-date:20150830T123600Z\n"
            "x-amz-region-set:us-east-1,us-west-*\n\nhost;x-amz-date;x-amz-region-set\n"
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        const auto text =
            "AWS4-ECDSA-P256-SHA256\n20150830T123600Z\n20150830/service/aws4_request\n" +
            std::string(hexadecimal(Sha256::of(canonical)).view());
        EXPECT_TRUE(verified(text, done->signature.view()));
        EXPECT_EQ(example::last_value(done->authorization), done->signature.view());
    }
}

TEST(SignatureForRegions, covers_a_presigned_query) {
    Service service = example::service;
    service.algorithm = Algorithm::v4a;
    service.region = "*";
    const auto query = Signer().presign(example::request, example::keys, service, example::moment,
                                        std::chrono::seconds(3600));
    ASSERT_TRUE(query);
    const auto canonical = "GET\n/\n" + query->substr(0, query->rfind('&')) +
                           "\nhost:example.amazonaws.com\n\nhost\n"
                           "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    const auto text = "AWS4-ECDSA-P256-SHA256\n20150830T123600Z\n20150830/service/aws4_request\n" +
                      std::string(hexadecimal(Sha256::of(canonical)).view());
    EXPECT_TRUE(verified(text, example::last_value(*query)));
}

TEST(SignatureForRegions, refuses_a_list_that_cannot_stand_in_a_header) {
    Service service = example::service;
    service.algorithm = Algorithm::v4a;
    const std::string long_list(1025, 'a');
    for (const std::string_view region : {"", "us-east-1\n", "a b", long_list.c_str()}) {
        service.region = region;
        EXPECT_FALSE(Signer().sign(example::request, example::keys, service, example::moment));
    }
}

}  // namespace
}  // namespace hearth::sigv4
