#include <gtest/gtest.h>

#include "example.hpp"

namespace hearth::sigv4 {
namespace {

constexpr Keys keys{.id = "AKIAIOSFODNN7EXAMPLE",
                    .secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
                    .session_token = {}};
constexpr Service service = Service::s3("us-east-1");

// The published example: 66560 octets in two chunks.
class Chunks : public testing::Test {
  protected:
    [[nodiscard]] Request request() const {
        return {.method = "PUT",
                .host = "s3.amazonaws.com",
                .path = "/examplebucket/chunkObject.txt",
                .query = {},
                .headers = headers_,
                .body = {},
                .payload_hash = signed_chunks};
    }

    std::string length_ = std::to_string(ChunkSigner::length(66560, 65536));
    std::vector<HeaderView> headers_{{"content-encoding", "aws-chunked"},
                                     {"content-length", length_},
                                     {"x-amz-decoded-content-length", "66560"},
                                     {"x-amz-storage-class", "REDUCED_REDUNDANCY"}};
    std::chrono::sys_seconds at_ = example::at(2013, 5, 24);
    Signer signer_;
};

TEST_F(Chunks, are_signed_each_after_the_one_before) {
    EXPECT_EQ(length_, "66824");
    const auto seed = signer_.sign(request(), keys, service, at_);
    ASSERT_TRUE(seed);
    EXPECT_EQ(seed->content_sha256, signed_chunks);
    EXPECT_EQ(seed->signature, "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9");
    auto chunks = signer_.chunks(*seed, keys, service, at_);
    ASSERT_TRUE(chunks);
    EXPECT_EQ(chunks->head(std::string(65536, 'a')),
              "10000;chunk-signature="
              "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648\r\n");
    EXPECT_EQ(chunks->head(std::string(1024, 'a')),
              "400;chunk-signature="
              "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497\r\n");
    EXPECT_EQ(chunks->head(""),
              "0;chunk-signature="
              "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9\r\n");
}

TEST_F(Chunks, are_as_long_as_what_is_written) {
    const auto seed = signer_.sign(request(), keys, service, at_);
    for (const auto& [size, chunk] : {std::pair(0U, 16U),
                                      {1U, 16U},
                                      {16U, 16U},
                                      {17U, 16U},
                                      {255U, 255U},
                                      {256U, 4096U},
                                      {5000U, 256U}}) {
        auto chunks = signer_.chunks(*seed, keys, service, at_);
        std::size_t written = 0;
        for (auto rest = size; rest > 0; rest -= std::min(rest, chunk)) {
            const std::string data(std::min(rest, chunk), 'a');
            written += chunks->head(data).size() + data.size() + 2;
        }
        written += chunks->head("").size() + 2;
        EXPECT_EQ(ChunkSigner::length(size, chunk), written) << size << " by " << chunk;
    }
}

TEST_F(Chunks, need_a_request_that_announced_them) {
    const auto whole = signer_.sign(example::request, keys, service, at_);
    EXPECT_EQ(signer_.chunks(*whole, keys, service, at_).error().remedy, Remedy::usage);
    auto v4a = service;
    v4a.algorithm = Algorithm::v4a;
    const auto seed = signer_.sign(request(), keys, v4a, at_);
    ASSERT_TRUE(seed);
    EXPECT_FALSE(signer_.chunks(*seed, keys, v4a, at_));
}

}  // namespace
}  // namespace hearth::sigv4
